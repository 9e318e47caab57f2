import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, vi } from 'vitest';

// CDK writes what a test synthesizes to a new temporary directory each time, and leaves it there.
const folder = mkdtempSync(join(tmpdir(), 'notifier-test-'));
vi.stubEnv('CDK_OUTDIR', folder);

afterAll(() => {
  // Files share a worker, and so its environment.
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});
