'use strict';

const common = {
	rootDir: __dirname,
	roots: ['<rootDir>/test'],
	testEnvironment: 'node',
	moduleFileExtensions: ['cts', 'mts', 'ts', 'cjs', 'js', 'json', 'node'],
	// Tests are CommonJS TypeScript; TypeScript wants the built name in imports, jest the source's.
	moduleNameMapper: { '^(\\.{1,2}/.*)\\.cjs$': ['$1.cts', '$1.cjs'] },
	transform: {
		'\\.(cts|ts|mts)$|node_modules/(p-limit|quick-lru|yocto-queue)/.*\\.js$': [
			'@swc/jest',
			{ jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
		],
	},
	transformIgnorePatterns: ['/node_modules/(?!(p-limit|quick-lru|yocto-queue)/)'],
};

const engine = (line) => ({
	...common,
	displayName: line,
	testMatch: ['<rootDir>/test/engine/*.test.cts'],
	globals: { N8N_LINE: line },
});

module.exports = {
	testTimeout: 60_000,
	// Many tests wait, for a service that is down or a pace: one fewer worker than processors would wait alone.
	maxWorkers: '100%',
	projects: [
		{ ...common, displayName: 'unit', testMatch: ['<rootDir>/test/unit/*.test.cts'] },
		{ ...common, displayName: 'sandbox', testMatch: ['<rootDir>/test/sandbox/*.test.cts'] },
		engine('n8n-2'),
		engine('n8n-1'),
	],
};
