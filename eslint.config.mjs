import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/**
 * The import walls (docs/architecture.md): services → workflows, activities, shared;
 * activities → shared; workflows → shared/domain, shared/ids and the *types* of activities;
 * shared/domain → nothing.
 */
const wall = (files, patterns) => ({
  files,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
});

const nodeOrPackages = {
  regex: '^(node:|[^.])',
  message: 'shared/domain is pure: no packages, no clock, no network, no database.',
};

export default tseslint.config(
  { ignores: ['node_modules', '.local', 'coverage'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  wall(
    ['shared/**'],
    [{ regex: '/(services|workflows|activities)/', message: 'shared is the bottom layer.' }],
  ),
  wall(
    ['shared/domain/**'],
    [nodeOrPackages, { regex: '^\\.\\./', message: 'shared/domain imports nothing outside itself.' }],
  ),
  wall(['activities/**'], [{ regex: '/(services|workflows)/', message: 'activities import shared only.' }]),
  wall(
    ['workflows/**'],
    [
      {
        regex: '/(services|test)/|shared/(?!domain/|ids)|^(?!\\.|@temporalio/(workflow|common)$)',
        message: 'Workflows are deterministic: only @temporalio/workflow, shared/domain and shared/ids.',
      },
      {
        regex: '/activities/',
        allowTypeImports: true,
        message: 'Workflows import the types of activities, never their code.',
      },
    ],
  ),
  wall(
    ['services/sandbox/**'],
    [
      {
        regex: '/(shared|activities|workflows)/',
        message: 'The sandboxes share no code with what they test.',
      },
    ],
  ),
  { files: ['**/*.mjs', '**/*.js'], ...tseslint.configs.disableTypeChecked },
  prettier,
);
