import { defineConfig } from 'vitest/config';

/** Tests of the built pages in a real browser against the mock server; `npm run build` comes first. */
export default defineConfig({
  test: {
    include: ['tests/page/**/*.page.ts'],
    environment: 'node',
    testTimeout: 40_000,
    hookTimeout: 40_000,
    fileParallelism: false,
  },
});
