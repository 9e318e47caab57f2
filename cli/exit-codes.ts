/** The exit codes of every command. */
export const EXIT_CODES = {
  /** Done, and what was looked at is fine. */
  fine: 0,
  /** Done, but what was looked at is not fine: calls dead-lettered, some lines of the input not usable, a check that fails. */
  notFine: 1,
  /** Not done: wrong usage, wrong context values, or an input that cannot be used at all. */
  unusable: 2,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];
