/** How long to wait for Slack's answer. A post that Slack took and did not answer in time is repeated, so it is long. */
export const SLACK_TIMEOUT_MS = 10_000;
