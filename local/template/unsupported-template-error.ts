/** The template asks for something that one machine does not imitate. Said at start, rather than done wrongly later. */
export class UnsupportedTemplateError extends Error {
  override readonly name = 'UnsupportedTemplateError';
}
