/** Who may post where: one path for each channel and poster, in the form of Slack's own webhook URLs. */
export interface WebhookPath {
  /** The process that was given this URL; `B0` for people. */
  readonly poster: string;
  readonly channel: string;
}

const BASE = '/services/T0LOCAL';

/** The poster that stands for a person with `curl`. */
export const A_PERSON = 'B0';

export const webhookPath = ({ poster, channel }: WebhookPath): string =>
  `${BASE}/${encodeURIComponent(poster)}/${encodeURIComponent(channel)}`;

/** What Fastify's router calls the same. */
export const WEBHOOK_ROUTE = `${BASE}/:poster/:channel`;
