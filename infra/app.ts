import { createApp, synthesizeApp } from './create-app.ts';
import { ContextError } from './settings/context-error.ts';

try {
  synthesizeApp(createApp());
} catch (error) {
  if (!(error instanceof ContextError)) throw error;
  process.stderr.write(`${error.lines.join('\n')}\n`);
  process.exitCode = 1;
}
