import { basename, relative, sep } from 'node:path';
import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Names that say nothing of what is inside; everything put under one of them could be anywhere. */
const NAMELESS = new Set(['util', 'utils', 'common', 'misc', 'helper', 'helpers', 'type', 'types', 'shared']);

/** The rules of this house that no plugin has. */
const house = {
  rules: {
    'file-names': {
      meta: {
        type: 'suggestion',
        docs: { description: 'files and folders are named by a noun, then a role' },
        schema: [],
        messages: {
          nameless: '"{{name}}" says nothing of what is inside: name it by its noun, then its role.',
          spelling: '"{{name}}" is not in kebab-case with dots before the role (api-key.controller.ts).',
        },
      },
      create(context) {
        return {
          Program(node) {
            const parts = relative(context.cwd, context.filename).split(sep);
            for (const part of parts) {
              const name = part.replace(/\.(spec|e2e|d)?\.?(tsx?|mjs|js)$/, '');
              for (const word of name.split('.')) {
                if (NAMELESS.has(word)) context.report({ node, messageId: 'nameless', data: { name: part } });
              }
            }
            const file = basename(context.filename);
            if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\.(tsx?|mjs|js)$/.test(file.replace(/^\./, ''))) {
              context.report({ node, messageId: 'spelling', data: { name: file } });
            }
          },
        };
      },
    },
  },
};

const FORBIDDEN_SYNTAX = [
  { selector: 'TSEnumDeclaration', message: 'No enum: use an `as const` array or object and derive the type.' },
  { selector: 'ExportAllDeclaration', message: 'No `export *`: a door names what it lets out.' },
  { selector: 'ImportNamespaceSpecifier[parent.source.value=/^\\./]', message: 'Import by name.' },
  {
    selector: 'TSInterfaceDeclaration[id.name=/^I[A-Z][a-z]/]',
    message: 'No `I` in front: the interface is the name.',
  },
  { selector: 'ClassDeclaration[id.name=/Impl$/]', message: 'No `Impl`: say what this one is made of or for.' },
];

const FORBIDDEN_IN_PAGES = [
  {
    selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"], Property[key.name="dangerouslySetInnerHTML"]',
    message: 'What comes from an event is text, never HTML.',
  },
  { selector: 'JSXText[value=/[A-Za-z]/]', message: 'Words stand in src/messages, so that they can be translated.' },
];

const NO_DEFAULT_EXPORT = {
  selector: 'ExportDefaultDeclaration',
  message: 'No default export: a name is found by search, and is the same everywhere.',
};

export default defineConfig(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '**/coverage/**',
      '**/.tidings*/**',
      '**/dist-*/**',
      'apps/console/generated/**',
    ],
  },
  {
    // The rules hold everywhere: nobody switches one off for a line.
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
    plugins: { house },
    rules: { 'house/file-names': 'error' },
  },
  js.configs.recommended,
  {
    rules: {
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...FORBIDDEN_SYNTAX],
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: globals.nodeBuiltin, ecmaVersion: 2023, sourceType: 'module' },
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'no-restricted-syntax': ['error', ...FORBIDDEN_SYNTAX, NO_DEFAULT_EXPORT],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Reports nothing in files with decorators: there Nest reads the classes of the parameters at run time.
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-deprecated': 'error',
      '@typescript-eslint/no-unnecessary-boolean-literal-compare': 'error',
      '@typescript-eslint/no-useless-constructor': 'error',
      '@typescript-eslint/prefer-nullish-coalescing': 'error',
      '@typescript-eslint/prefer-optional-chain': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // An implementation of an asynchronous port is async even where one driver has nothing to wait for: what it throws must arrive as a rejection.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    // The environment is parsed once, in the runtime; everything else is handed what it needs.
    files: ['libs/*/src/**/*.ts', 'apps/*/src/**/*.ts'],
    ignores: [
      '**/*.spec.ts',
      'libs/runtime/src/environment*.ts',
      'libs/settings/src/kafka-settings.ts',
      // The command line is a client: it knows nothing of the servers' settings.
      'apps/cli/src/cli-environment.ts',
    ],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'The environment is parsed once, in libs/runtime or libs/settings.',
        },
      ],
    },
  },
  {
    // The console is the browser's, and shows what strangers have sent.
    files: ['apps/console/**/*.{ts,tsx,js}'],
    languageOptions: { globals: globals.browser },
    plugins: { 'react-hooks': reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-restricted-syntax': ['error', ...FORBIDDEN_SYNTAX, NO_DEFAULT_EXPORT, ...FORBIDDEN_IN_PAGES],
    },
  },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts'],
    rules: {
      // expect(port.method) hands a method over without calling it.
      '@typescript-eslint/unbound-method': 'off',
      // expect.any() and its like are typed any.
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    // Commands that a person reads the output of.
    files: ['test/bench/**/*.ts', 'test/faults/**/*.ts', 'test/harness/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // Tools that demand a default export.
    files: ['vitest.config.ts', '**/vitest.*.config.ts', 'apps/console/vite.config.ts'],
    rules: { 'no-restricted-syntax': ['error', ...FORBIDDEN_SYNTAX] },
  },
);
