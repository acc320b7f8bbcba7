import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ROOMS } from '../../../tools/import-table.mjs';

const ROOT = join(import.meta.dirname, '../../..');

/** Handlers that still read a request by hand. A route that is converted leaves this list, and none is added to it. */
const UNCHECKED: readonly string[] = [];

const ROUTES = new Set(['Get', 'Post', 'Put', 'Patch', 'Delete', 'All', 'Head', 'Options']);
const PARTS = new Set(['Body', 'Query', 'Param']);

interface DtoProperty {
  readonly name: string;
  readonly decorators: readonly string[];
}

interface DtoClass {
  readonly name: string;
  readonly properties: readonly DtoProperty[];
}

describe('requests and answers', () => {
  it('every property of a DTO is decorated: what is not is neither checked nor documented', () => {
    const bare = dtoClasses().flatMap(({ name, properties }) =>
      properties.filter(({ decorators }) => decorators.length === 0).map((property) => `${name}.${property.name}`),
    );
    expect(bare).toEqual([]);
    expect(dtoClasses().length).toBeGreaterThan(10);
  });

  it('every DTO has a name of its own: it is that of its schema in the document of the whole API', () => {
    const names = dtoClasses().map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('no handler takes what nothing checks', () => {
    expect(uncheckedHandlers().toSorted()).toEqual(UNCHECKED.toSorted());
  });

  it('finds what is wrong in a file', () => {
    const source = parsed(
      'bad.ts',
      `class Bare { @TextField() good!: string; bare?: string; }
       class Pets { @Post() add(@Body() pet: unknown, @Caller() by: unknown) {} @Get() all(@Query() query: Query) {} }`,
    );
    expect(classesOf(source)).toMatchObject([
      {
        name: 'Bare',
        properties: [
          { name: 'good', decorators: ['TextField'] },
          { name: 'bare', decorators: [] },
        ],
      },
      { name: 'Pets' },
    ]);
    expect(uncheckedIn(source)).toEqual(['Pets.add']);
  });
});

function dtoClasses(): readonly DtoClass[] {
  const queries = sources('-query.ts').flatMap(classesOf);
  return [...sources('.dto.ts').flatMap(classesOf), ...queries.filter(({ name }) => name.endsWith('Query'))];
}

function uncheckedHandlers(): readonly string[] {
  return sources('.controller.ts').flatMap(uncheckedIn);
}

function sources(ending: string): readonly ts.SourceFile[] {
  return ROOMS.filter(({ name }) => name !== 'test').flatMap(({ folder }) =>
    readdirSync(join(ROOT, folder, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith(ending))
      .map((file) => parsed(file, readFileSync(join(ROOT, folder, 'src', file), 'utf8'))),
  );
}

function parsed(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
}

function classesOf(source: ts.SourceFile): readonly DtoClass[] {
  return classNodes(source).map((node) => ({
    name: node.name?.text ?? '',
    properties: node.members.filter(ts.isPropertyDeclaration).map((property) => ({
      name: property.name.getText(),
      decorators: decoratorsOf(property),
    })),
  }));
}

function uncheckedIn(source: ts.SourceFile): readonly string[] {
  return classNodes(source).flatMap((node) =>
    node.members
      .filter(ts.isMethodDeclaration)
      .filter((method) => decoratorsOf(method).some((name) => ROUTES.has(name)))
      .filter(({ parameters }) => parameters.some(isUnchecked))
      .map((method) => `${node.name?.text ?? ''}.${method.name.getText()}`),
  );
}

function isUnchecked(parameter: ts.ParameterDeclaration): boolean {
  const type = parameter.type?.kind ?? ts.SyntaxKind.UnknownKeyword;
  return decoratorsOf(parameter).some((name) => PARTS.has(name)) && type === ts.SyntaxKind.UnknownKeyword;
}

function classNodes(source: ts.SourceFile): readonly ts.ClassDeclaration[] {
  const found: ts.ClassDeclaration[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isClassDeclaration(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function decoratorsOf(node: ts.HasDecorators): readonly string[] {
  return (ts.getDecorators(node) ?? []).map(({ expression }) =>
    (ts.isCallExpression(expression) ? expression.expression : expression).getText(),
  );
}
