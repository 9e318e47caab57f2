import { afterAll, vi } from 'vitest';

// Files share a worker, and so its environment.
afterAll(() => {
  vi.unstubAllEnvs();
});
