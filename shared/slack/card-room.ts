/**
 * Room for each part, in escaped characters. Slack refuses a section over 3,000, and a message whose blocks have more
 * than about 12,000 together; all of these and the labels around them stay below that.
 */
export const CARD_ROOM = {
  name: 120,
  sentence: 900,
  line: 280,
  details: 2400,
  error: 1000,
  facts: 1200,
  remarks: 1500,
} as const;
