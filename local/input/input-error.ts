/** What was named as input cannot be used: it is not there, not readable or holds nothing. One line for a person. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'not readable: permission denied',
  EPERM: 'not readable: permission denied',
  EISDIR: 'is a directory',
  ENOTDIR: 'no such file',
  ENXIO: 'not readable: it is a socket or a device that is not there',
  Z_DATA_ERROR: 'not readable: its gzip data is damaged',
  Z_BUF_ERROR: 'not readable: its gzip data ends too early',
};

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';

/** Says in words why a file could not be read. */
export function inputReason(cause: unknown): string {
  if (cause instanceof InputError) return cause.message;
  const code = codeOf(cause);
  return (Object.hasOwn(REASONS, code) ? REASONS[code] : undefined) ?? `not readable${code === '' ? '' : `: ${code}`}`;
}
