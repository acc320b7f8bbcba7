import { RE2JS } from 're2js';
import { RULE_LIMITS } from '@tidings/catalogue';
import { EventPaths } from './event-path.js';
import { compileFilter } from './filter-compiler.js';
import { OPERATORS, type Expression, type PathExpression, type Segment, type Selector } from './filter-expression.js';
import { FilterScanner } from './filter-scanner.js';
import { FilterError, type Filter } from './filter.js';
import { patternSize } from './pattern-size.js';
import { textPattern, type TextPattern } from './text-pattern.js';

/** The longest text, in UTF-16 units. */
export const MAX_FILTER_LENGTH = RULE_LIMITS.filterLength.value;
/** How deep parentheses and `?()` may be in each other. */
const MAX_DEPTH = RULE_LIMITS.filterDepth.value;
/** Of a compiled pattern, in instructions: matching costs that much for each character at the worst. */
const MAX_PATTERN_SIZE = RULE_LIMITS.patternSize.value;

/** A pattern that would become larger than so many times what it may is not even compiled. */
const COMPILED_AT_MOST = 3;

const NO_FUNCTIONS =
  'There are no functions in filters but not( … ); there are paths, comparisons, && and ||, and .length of an array';

const TOO_LARGE = 'The pattern is too large; shorten it or its repetitions';

const PATTERN_FLAGS: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
};

/**
 * Reads and compiles a filter. An empty one passes everything, as `$.*` does.
 * @param paths those of the filters beside it, which read what they have in common once an event
 * @throws {FilterError} that says where it cannot be read, and what was expected there
 */
export function parseFilter(text: string, paths = new EventPaths()): Filter {
  if (text.length > MAX_FILTER_LENGTH) {
    throw new FilterError(
      `A filter has at most ${MAX_FILTER_LENGTH} characters; this one has ${text.length}.`,
      MAX_FILTER_LENGTH,
    );
  }
  return compileFilter(text, new FilterParser(text).parse(), paths);
}

/**
 * The grammar, loosest first: `||`, `&&`, comparisons (`== != < <= > >= =~`), and then paths, literals, `(…)`, `not(…)`
 * and `!`.
 */
class FilterParser {
  private readonly scanner: FilterScanner;
  private depth = 0;

  constructor(text: string) {
    this.scanner = new FilterScanner(text);
  }

  parse(): Expression {
    const { scanner } = this;
    scanner.skipSpace();
    if (scanner.isAtEnd) return { kind: 'literal', value: true };
    const expression = this.either();
    if (!scanner.isAtEnd) scanner.fail('an operator (&&, ||, ==, !=, <, <=, >, >=, =~) or the end');
    return expression;
  }

  private either(): Expression {
    return this.joined('||', 'or', () => this.both());
  }

  private both(): Expression {
    return this.joined('&&', 'and', () => this.comparison());
  }

  private joined(token: string, kind: 'or' | 'and', part: () => Expression): Expression {
    const first = part();
    const parts = [first];
    while (this.scanner.takes(token)) parts.push(part());
    return parts.length === 1 ? first : { kind, parts };
  }

  private comparison(): Expression {
    const { scanner } = this;
    scanner.skipSpace();
    const start = scanner.position;
    const isNegated = scanner.sees('!');
    const left = this.operand();
    scanner.skipSpace();
    const place = scanner.position;
    if (scanner.takes('=~')) {
      if (isNegated) this.failNegated(start);
      return this.likeness(left);
    }
    const operator = OPERATORS.find((candidate) => scanner.takes(candidate));
    if (operator === undefined) {
      if (scanner.sees('=')) scanner.fail('== or =~');
      this.refuseOtherOperators();
      return left;
    }
    if (isNegated) this.failNegated(start);
    const right = this.operand();
    scanner.skipSpace();
    const isChained = scanner.sees('=~') || OPERATORS.some((candidate) => scanner.sees(candidate));
    if (isChained) scanner.failAt(place, 'Comparisons cannot be chained; join them with &&');
    this.refuseOtherOperators();
    return { kind: 'comparison', operator, left, right };
  }

  /** Says of what other languages have here what there is instead. */
  private refuseOtherOperators(): void {
    const { scanner } = this;
    const [token] = scanner.seen(/[-+*/%]|and\b|or\b|&(?!&)|\|(?!\|)/iy) ?? [];
    if (token === undefined) return;
    const problem = /[-+*/%]/.test(token)
      ? 'There is no arithmetic in filters; compare a member with a value'
      : `"${token}" is no operator; write && or ||`;
    scanner.failAt(scanner.position, problem);
  }

  private failNegated(start: number): never {
    return this.scanner.failAt(start, 'It is not clear what ! belongs to; write !( … ) or not( … )');
  }

  private likeness(left: Expression): Expression {
    const { scanner } = this;
    scanner.skipSpace();
    const start = scanner.position;
    const text = scanner.quoted();
    const slashed = text === undefined ? scanner.slashed() : undefined;
    if (text === undefined && slashed === undefined)
      return scanner.fail("a pattern in quotes, such as 'dallas|london'");
    let flags = 0;
    for (const flag of slashed?.flags ?? '') {
      const bit = PATTERN_FLAGS[flag];
      if (bit === undefined) scanner.failAt(start, `The pattern's flag ${flag} is unknown; there are i, m and s`);
      else flags |= bit;
    }
    const pattern = compilePattern(text ?? slashed?.pattern ?? '', flags, (problem) => scanner.failAt(start, problem));
    scanner.skipSpace();
    return { kind: 'likeness', left, pattern };
  }

  private operand(): Expression {
    const { scanner } = this;
    scanner.skipSpace();
    if (scanner.takes('!')) return { kind: 'not', of: this.deeper(() => this.operand()) };
    if (scanner.takes('(')) return this.parenthesised();
    if (scanner.sees('$') || scanner.sees('@')) return this.path();
    const text = scanner.quoted();
    if (text !== undefined) return { kind: 'literal', value: text };
    const number = scanner.number();
    if (number !== undefined) return { kind: 'literal', value: number };
    if (scanner.takesWord('true')) return { kind: 'literal', value: true };
    if (scanner.takesWord('false')) return { kind: 'literal', value: false };
    if (scanner.takesWord('null')) return { kind: 'literal', value: null };
    if (scanner.takesWord('not')) {
      scanner.skipSpace();
      scanner.expect('(', '"(" after not');
      return { kind: 'not', of: this.parenthesised() };
    }
    const [call] = scanner.seen(/[\p{L}_][\p{L}\p{N}_]*\s*\(/uy) ?? [];
    if (call?.toLowerCase().startsWith('not') === true)
      scanner.failAt(scanner.position, 'Write not( … ) in small letters');
    if (call !== undefined) scanner.failAt(scanner.position, NO_FUNCTIONS);
    return scanner.fail('a path ($ or @), a text in quotes, a number, true, false, null, not( … ), ! or (');
  }

  /** After the opening parenthesis. */
  private parenthesised(): Expression {
    const inner = this.deeper(() => this.either());
    this.scanner.skipSpace();
    this.scanner.expect(')', 'an operator or ")"');
    return inner;
  }

  private deeper<T>(parse: () => T): T {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) {
      this.scanner.failAt(this.scanner.position, `It is nested deeper than ${MAX_DEPTH} levels`);
    }
    const inner = parse();
    this.depth -= 1;
    return inner;
  }

  private path(): PathExpression {
    const { scanner } = this;
    const from = scanner.takes('$') ? 'event' : 'current';
    if (from === 'current') scanner.expect('@');
    const segments: Segment[] = [];
    for (;;) {
      if (scanner.sees('[')) segments.push({ descends: false, selectors: this.bracketed() });
      else if (scanner.takes('..')) segments.push({ descends: true, selectors: this.dotted() });
      else if (scanner.takes('.')) segments.push({ descends: false, selectors: this.dotted() });
      else break;
    }
    if (scanner.sees('(')) scanner.failAt(scanner.position, NO_FUNCTIONS);
    return { kind: 'path', from, segments };
  }

  /** After one full stop or two; some write brackets and quotes behind it, and mean the same. */
  private dotted(): readonly Selector[] {
    const { scanner } = this;
    if (scanner.sees('[')) return this.bracketed();
    if (scanner.takes('*')) return [{ kind: 'every' }];
    const name = scanner.quoted() ?? scanner.name();
    if (name === undefined) return scanner.fail("a name, * or [ (other names: ['…'])");
    return [{ kind: 'name', name }];
  }

  private bracketed(): readonly Selector[] {
    const { scanner } = this;
    scanner.expect('[');
    const selectors: Selector[] = [];
    do {
      scanner.skipSpace();
      selectors.push(this.selector());
      scanner.skipSpace();
    } while (scanner.takes(','));
    scanner.expect(']', '"," or "]"');
    return selectors;
  }

  private selector(): Selector {
    const { scanner } = this;
    if (scanner.takes('*')) return { kind: 'every' };
    if (scanner.takes('?')) {
      const condition = this.deeper(() => this.either());
      return { kind: 'where', condition };
    }
    const quoted = scanner.quoted();
    if (quoted !== undefined) return { kind: 'name', name: quoted };
    const start = scanner.integer();
    scanner.skipSpace();
    if (scanner.takes(':')) return this.slice(start);
    if (start !== undefined) return { kind: 'index', index: start };
    const name = scanner.name();
    if (name !== undefined) return { kind: 'name', name };
    if (scanner.sees('(')) scanner.failAt(scanner.position, 'There are no scripts in brackets; [-1] is the last entry');
    return scanner.fail("an index, a slice, a name such as 'region', * or ?( … )");
  }

  private slice(start: number | undefined): Selector {
    const { scanner } = this;
    scanner.skipSpace();
    const end = scanner.integer();
    scanner.skipSpace();
    if (!scanner.takes(':')) return { kind: 'slice', start, end, step: 1 };
    scanner.skipSpace();
    const place = scanner.position;
    const step = scanner.integer() ?? 1;
    if (step === 0) scanner.failAt(place, 'The step of a slice must not be 0');
    return { kind: 'slice', start, end, step };
  }
}

function compilePattern(pattern: string, flags: number, fail: (problem: string) => never): TextPattern {
  const size = patternSize(pattern);
  if (size > COMPILED_AT_MOST * MAX_PATTERN_SIZE) fail(TOO_LARGE);
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern, flags);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return fail(`The pattern is no RE2 expression: ${problem}`);
  }
  if (compiled.programSize() > MAX_PATTERN_SIZE) fail(TOO_LARGE);
  return textPattern(pattern, compiled, flags === 0);
}
