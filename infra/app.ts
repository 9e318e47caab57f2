import { createApp, synthesizeApp } from './create-app.ts';
import { UserError } from './settings/user-error.ts';

try {
  synthesizeApp(createApp());
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.lines.join('\n')}\n`);
  process.exitCode = 1;
}
