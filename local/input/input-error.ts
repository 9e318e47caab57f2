/** What was named as input cannot be used at all: it is not there, not readable or holds nothing. One line for a person. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'not readable: permission denied',
  EPERM: 'not readable: permission denied',
  EISDIR: 'is a directory',
  ENOTDIR: 'no such file',
  Z_DATA_ERROR: 'not readable: its gzip data is damaged',
  Z_BUF_ERROR: 'not readable: its gzip data ends too early',
};

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';

/** Says in words why a file could not be read. */
export function inputErrorOf(file: string, cause: unknown): InputError {
  if (cause instanceof InputError) return cause;
  const code = codeOf(cause);
  const reason = Object.hasOwn(REASONS, code) ? REASONS[code] : `not readable${code === '' ? '' : `: ${code}`}`;
  return new InputError(`${file}: ${reason}`, { cause });
}
