/** Text that came with an event may hold escape sequences, line breaks or characters that turn the line around. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Makes untrusted text safe to print on a terminal, on one line. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, '\uFFFD');
