// What does not ship (sandbox, demo, tools, tests): n8n's cloud rules do not apply, ours do.
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
	{ ignores: ['dist', 'nodes', 'credentials', '.demo', '.cache', '**/node_modules', 'index.js', '**/*.ts'] },
	{
		files: ['**/*.mts', '**/*.cts'],
		extends: [js.configs.recommended, tseslint.configs.recommended],
		rules: {
			'no-undef': 'off',
			'@typescript-eslint/no-require-imports': 'off',
		},
	},
	{
		files: ['**/*.cjs', '**/*.js', '**/*.mjs'],
		extends: [js.configs.recommended],
		languageOptions: {
			globals: Object.fromEntries(
				['require', 'module', 'exports', 'process', 'console', '__dirname', 'setInterval', 'clearInterval', 'setTimeout', 'Buffer', 'URL'].map((name) => [name, 'readonly']),
			),
		},
	},
);
