import { cpus } from 'node:os';

/** Packages that exist as ES modules only: jest turns them into CommonJS, like our own TypeScript. */
const ESM_ONLY = [
  'get-port',
  'jose',
  'oauth4webapi',
  'openid-client',
  'p-limit',
  'p-map',
  'preact',
  'yocto-queue',
];

const swc = [
  '@swc/jest',
  {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', tsx: true },
      transform: { react: { runtime: 'automatic', importSource: 'preact' } },
    },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  },
];

const shared = {
  testEnvironment: 'node',
  transform: { '^.+\\.([cm]?ts|tsx|[cm]?js)$': swc },
  transformIgnorePatterns: [`/node_modules/(?!(${ESM_ONLY.join('|')})/)`],
  modulePathIgnorePatterns: ['<rootDir>/.local/'],
};

const inFolders = (...folders) => folders.map((folder) => `<rootDir>/test/${folder}/**/*.test.{ts,tsx}`);

export default {
  projects: [
    { ...shared, displayName: 'unit', testMatch: inFolders('unit', 'replay') },
    {
      ...shared,
      displayName: 'real',
      testMatch: inFolders('integration', 'contract'),
      globalSetup: '<rootDir>/test/support/servers.ts',
      globalTeardown: '<rootDir>/test/support/servers-stop.ts',
    },
    {
      ...shared,
      // By `npm run test:faults`: what fails, dies, ends or is left to chance takes its time.
      displayName: 'faults',
      testMatch: inFolders('faults'),
      globalSetup: '<rootDir>/test/support/servers.ts',
      globalTeardown: '<rootDir>/test/support/servers-stop.ts',
    },
    {
      ...shared,
      // By `npm run test:browser` alone: it needs a Chromium.
      displayName: 'browser',
      testMatch: inFolders('browser'),
      globalSetup: '<rootDir>/test/support/servers.ts',
      globalTeardown: '<rootDir>/test/support/servers-stop.ts',
    },
  ],
  // Two even on two cores: the tests of `real` mostly wait for servers.
  maxWorkers: Math.max(2, cpus().length - 1),
  // Tests wait for conditions, and how long that takes is the machine's affair.
  testTimeout: 120_000,
};
