// What the linter holds the web app to. A rule that differs from its set says why.
import js from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import tseslint from 'typescript-eslint';

const here = dirname(fileURLToPath(import.meta.url));

// What this app declares is in camelCase, types and components in PascalCase. The API's fields keep their snake_case:
// only src/api/shapes.ts declares them, and objects of these shapes are read and written everywhere, so the names of an
// object literal's fields are left to the compiler, which holds them against the shape.
const naming = [
    { selector: 'default', format: ['camelCase'] },
    { selector: 'variable', format: ['camelCase', 'PascalCase'] }, // a component may be a variable
    { selector: 'function', format: ['camelCase', 'PascalCase'] },
    { selector: 'import', format: ['camelCase', 'PascalCase'] },
    { selector: 'parameter', modifiers: ['unused'], format: ['camelCase'], leadingUnderscore: 'allow' },
    { selector: 'typeLike', format: ['PascalCase'] },
    { selector: ['objectLiteralProperty', 'objectLiteralMethod'], format: null },
    // "aria-label", 'tray.done': names that are none of an identifier.
    { selector: ['typeProperty', 'classProperty'], modifiers: ['requiresQuotes'], format: null },
];
const shapesNaming = naming.map((rule) => (rule.selector === 'default' ? { ...rule, format: null } : rule));

// A strict content security policy refuses these, so no source may rely on them.
const refused = [
    {
        selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
        message: 'No raw HTML: what people wrote is text.',
    },
    {
        selector: 'JSXAttribute[name.name="style"] > Literal',
        message: 'The policy refuses style attributes; pass an object.',
    },
    {
        selector: 'MemberExpression[property.name=/^(inner|outer)HTML$/]',
        message: 'No raw HTML: what people wrote is text.',
    },
];

export default tseslint.config(
    { linterOptions: { reportUnusedDisableDirectives: 'error' } },
    js.configs.recommended,
    {
        rules: {
            'no-eval': 'error',
            'no-new-func': 'error',
            // Leaving fields out of an object by naming them.
            'no-unused-vars': ['error', { ignoreRestSiblings: true }],
            // Escapes say which characters are meant, also where these join others.
            'no-misleading-character-class': ['error', { allowEscape: true }],
            'max-lines-per-function': ['error', { max: 60 }],
            // What Prettier cannot break: comments. Texts, addresses and expressions stay in one piece.
            'max-len': [
                'error',
                {
                    code: 120,
                    ignoreUrls: true,
                    ignoreStrings: true,
                    ignoreTemplateLiterals: true,
                    ignoreRegExpLiterals: true,
                },
            ],
        },
    },
    {
        files: ['**/*.{ts,tsx}'],
        extends: [tseslint.configs.recommendedTypeChecked],
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: here } },
        rules: {
            'no-restricted-syntax': ['error', ...refused],
            '@typescript-eslint/naming-convention': ['error', ...naming],
            '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
        },
    },
    {
        files: ['src/**/*.{ts,tsx}'],
        extends: [jsxA11y.flatConfigs.recommended],
        plugins: { 'react-hooks': reactHooks },
        settings: { 'jsx-a11y': { attributes: { for: ['for'] } } }, // Preact's JSX has HTML's own names
        rules: {
            'react-hooks/rules-of-hooks': 'error',
            'react-hooks/exhaustive-deps': 'error',
            // What scrolls takes the focus, so that keys can scroll it.
            'jsx-a11y/no-noninteractive-tabindex': [
                'error',
                { tags: ['code', 'pre', 'ul'], roles: ['region', 'tabpanel'], allowExpressionValues: true },
            ],
            // Esc closes what lies over the page wherever the focus is in it, and so does a press beside a dialog.
            'jsx-a11y/no-noninteractive-element-interactions': [
                'error',
                {
                    ...jsxA11y.flatConfigs.recommended.rules['jsx-a11y/no-noninteractive-element-interactions'][1],
                    aside: ['onKeyDown'],
                    dialog: ['onKeyDown', 'onMouseDown'],
                },
            ],
            // People's own videos and recordings are shown as they are: there are no captions to name.
            'jsx-a11y/media-has-caption': 'off',
        },
    },
    { files: ['src/api/shapes.ts'], rules: { '@typescript-eslint/naming-convention': ['error', ...shapesNaming] } },
    {
        files: ['tests/**/*.ts'],
        rules: {
            // What stands in for the server answers at once.
            '@typescript-eslint/require-await': 'off',
            // node's test() gives a promise that its runner waits for.
            '@typescript-eslint/no-floating-promises': [
                'error',
                {
                    allowForKnownSafeCalls: [
                        { from: 'package', package: 'node:test', name: 'default' },
                        { from: 'package', package: 'node:test', name: 'test' },
                    ],
                },
            ],
        },
    },
    {
        files: ['**/*.mjs'],
        languageOptions: {
            globals: {
                Buffer: 'readonly',
                URL: 'readonly',
                console: 'readonly',
                process: 'readonly',
                setTimeout: 'readonly',
            },
        },
        rules: { camelcase: ['error', { properties: 'never', ignoreDestructuring: true }] },
    },
    // Each function is one table of calls.
    { files: ['dev/routes/*.mjs'], rules: { 'max-lines-per-function': 'off' } },
);
