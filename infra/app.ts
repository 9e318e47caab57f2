import { ContextError } from './context-error.ts';
import { createApp, synthesizeApp } from './create-app.ts';

try {
  synthesizeApp(createApp());
} catch (error) {
  if (!(error instanceof ContextError)) throw error;
  process.stderr.write(`${error.lines.join('\n')}\n`);
  process.exitCode = 1;
}
