/** Who may post where: one path for each channel, in the form of Slack's own webhook URLs, and who it was given to. */
export interface WebhookPath {
  /** The process that was given this URL; `B0` for people. */
  readonly poster: string;
  readonly channel: string;
}

const BASE = '/services/T0LOCAL/B0';

/** The poster that stands for a person with `curl`. */
export const A_PERSON = 'B0';

/** The poster is in the query: to the functions, as at Slack, a channel has one webhook whoever posts to it. */
export const webhookPath = ({ poster, channel }: WebhookPath): string =>
  `${BASE}/${encodeURIComponent(channel)}${poster === A_PERSON ? '' : `?poster=${encodeURIComponent(poster)}`}`;

/** What Fastify's router calls the same. */
export const WEBHOOK_ROUTE = `${BASE}/:channel`;

/** Only what is ours in a secret that a person put is signed for its reader; another URL is left as it is. */
const OWN_WEBHOOK = new RegExp(`http://(?:127\\.0\\.0\\.1|localhost):\\d+${BASE}/[^"\\s?/]+(?=["\\s]|$)`, 'g');

/** The text of a secret, with the poster in each webhook URL of this machine. */
export const secretOfPoster = (secret: string, poster: string): string =>
  poster === A_PERSON ? secret : secret.replaceAll(OWN_WEBHOOK, (url) => `${url}?poster=${encodeURIComponent(poster)}`);
