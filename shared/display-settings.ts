import * as z from 'zod/mini';

/** Whom a message calls: everybody here, the whole channel, or a Slack user group by its id. */
export type Mention = 'here' | 'channel' | `@${string}`;

/**
 * What a channel can want somebody called for. `on-air` is what was there before the three effects were told apart, and
 * calls for what goes off air.
 */
export type MentionKey = 'off-air' | 'signal-changed' | 'put-on-air' | 'on-air' | 'denied';

/** What belongs to a channel rather than to a rule. */
export interface ChannelSettings {
  readonly mention?: { readonly [Key in MentionKey]?: Mention | undefined } | undefined;
}

/** What the admin's context says about how messages look. Travels to the functions as JSON in `DISPLAY_SETTINGS`. */
export interface DisplaySettings {
  /** Account id → name. */
  readonly accountNames: Readonly<Record<string, string>>;
  readonly channels: Readonly<Record<string, ChannelSettings>>;
  /** Parameter paths shown beside those that are always allowed, e.g. `outputs[].cidrAllowList`. */
  readonly showParameters: readonly string[];
}

const MentionSchema = z.optional(
  z.union([z.literal('here'), z.literal('channel'), z.templateLiteral(['@', z.string()])]),
);

export const DisplaySettingsSchema = z.object({
  accountNames: z.record(z.string(), z.string()),
  channels: z.record(
    z.string(),
    z.object({
      mention: z.optional(
        z.object({
          'off-air': MentionSchema,
          'signal-changed': MentionSchema,
          'put-on-air': MentionSchema,
          'on-air': MentionSchema,
          denied: MentionSchema,
        }),
      ),
    }),
  ),
  showParameters: z.array(z.string()),
});
