import { TEMPLATE_LIMITS } from '@tidings/catalogue';
import handlebars from 'handlebars';

/** The helpers that there are, and with how many values each is called: those of IBM's documentation, and Handlebars' own. */
export const TEMPLATE_HELPERS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  contains: [2, 2],
  each: [1, 1],
  equal: [2, 2],
  ibmenreferer: [3, 3],
  if: [1, 1],
  log: [0, 100],
  lookup: [2, 2],
  unless: [1, 1],
  with: [1, 1],
};
/** Without a value these are members of the event, as any name is. */
const ALSO_MEMBERS = new Set(['contains', 'equal', 'ibmenreferer', 'log']);

/** @returns why a text is no template that could be rendered, with the line; undefined: it is one. Nothing of it is run. */
export function templateProblem(source: string): string | undefined {
  const { length } = TEMPLATE_LIMITS;
  if (source.length > length.value) return `must not be longer than ${length.value} characters`;
  try {
    const program = handlebars.parse(source);
    const problem = new TemplateCheck(program).problem;
    if (problem !== undefined) return problem;
    handlebars.precompile(program);
    return undefined;
  } catch (error) {
    return `is no Handlebars template: ${error instanceof Error ? error.message : String(error)}`;
  }
}

type Call = hbs.AST.MustacheStatement | hbs.AST.BlockStatement | hbs.AST.SubExpression;

/** Looks for what could only fail when an event is rendered: helpers and partials that nobody has registered. */
class TemplateCheck extends handlebars.Visitor {
  problem: string | undefined;
  private readonly inlinePartials = new Set<string>();

  constructor(program: hbs.AST.Program) {
    super();
    this.collectInlinePartials(program);
    this.accept(program);
  }

  override MustacheStatement(mustache: hbs.AST.MustacheStatement): void {
    this.checkCall(mustache);
    super.MustacheStatement(mustache);
  }

  override BlockStatement(block: hbs.AST.BlockStatement): void {
    this.checkCall(block);
    super.BlockStatement(block);
  }

  override SubExpression(expression: hbs.AST.SubExpression): void {
    this.checkCall(expression);
    super.SubExpression(expression);
  }

  override PartialStatement(partial: hbs.AST.PartialStatement): void {
    const name = nameOf(partial.name);
    if (name === undefined) this.complain(partial, 'a partial needs a name that is written out');
    else if (!this.inlinePartials.has(name)) {
      this.complain(
        partial,
        `the partial "${name}" is not known; define it with {{#*inline "${name}"}}, or write it out`,
      );
    }
    super.PartialStatement(partial);
  }

  override Decorator(decorator: hbs.AST.Decorator): void {
    this.complain(decorator, `the decorator "${nameOf(decorator.path) ?? ''}" is not known; there is #*inline`);
  }

  override DecoratorBlock(decorator: hbs.AST.DecoratorBlock): void {
    const name = nameOf(decorator.path);
    if (name !== 'inline') this.complain(decorator, `the decorator "${name ?? ''}" is not known; there is #*inline`);
    super.DecoratorBlock(decorator);
  }

  private checkCall(call: Call): void {
    const isCall = call.type === 'SubExpression' || call.params.length > 0 || (call.hash?.pairs.length ?? 0) > 0;
    const name = nameOf(call.path) ?? '';
    const range = Object.hasOwn(TEMPLATE_HELPERS, name) ? TEMPLATE_HELPERS[name] : undefined;
    if (range === undefined) {
      if (isCall) {
        const known = Object.keys(TEMPLATE_HELPERS).join(', ');
        this.complain(call, `the helper "${name}" is not known; there are ${known}`);
      }
      return;
    }
    const isMember = call.type === 'MustacheStatement' && !isCall && ALSO_MEMBERS.has(name);
    const [least, most] = range;
    if (isMember || (call.params.length >= least && call.params.length <= most)) return;
    this.complain(
      call,
      `the helper "${name}" takes ${least} value${least === 1 ? '' : 's'}, not ${call.params.length}`,
    );
  }

  /** Wherever they are defined: one that is used before, or elsewhere, is found out when it is rendered. */
  private collectInlinePartials(program: hbs.AST.Program): void {
    const { inlinePartials } = this;
    class Collector extends handlebars.Visitor {
      override DecoratorBlock(decorator: hbs.AST.DecoratorBlock): void {
        const [name] = decorator.params;
        if (nameOf(decorator.path) === 'inline' && name !== undefined) inlinePartials.add(nameOf(name) ?? '');
        super.DecoratorBlock(decorator);
      }

      override PartialBlockStatement(partial: hbs.AST.PartialBlockStatement): void {
        inlinePartials.add('@partial-block');
        super.PartialBlockStatement(partial);
      }
    }
    new Collector().accept(program);
  }

  private complain({ loc }: hbs.AST.Node, problem: string): void {
    this.problem ??= `cannot be rendered: line ${loc.start.line}: ${problem}`;
  }
}

/** What is called, as it is written. @returns undefined where an expression says it */
function nameOf(expression: hbs.AST.Node): string | undefined {
  if (expression.type === 'PathExpression') return (expression as hbs.AST.PathExpression).original;
  if (expression.type === 'StringLiteral') return (expression as hbs.AST.StringLiteral).value;
  if (expression.type === 'NumberLiteral') return String((expression as hbs.AST.NumberLiteral).value);
  return undefined;
}
