/** A fault in a block: where and what, e.g. `text.text: longer than 3,000 characters (3,412)`. */
export type Fault = string;

type Json = Readonly<Record<string, unknown>>;
type Check = (value: unknown, path: string) => readonly Fault[];

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const lengthOf = (count: number): string => count.toLocaleString('en');

/** A string of 1 to `most` characters. */
const text =
  (most: number): Check =>
  (value, path) => {
    if (typeof value !== 'string') return [`${path}: no string`];
    if (value === '') return [`${path}: empty`];
    return value.length > most ? [`${path}: longer than ${lengthOf(most)} characters (${lengthOf(value.length)})`] : [];
  };

const boolean: Check = (value, path) => (typeof value === 'boolean' ? [] : [`${path}: no boolean`]);

const url: Check = (value, path) => [
  ...text(3000)(value, path),
  ...(typeof value === 'string' && !URL.canParse(value) ? [`${path}: no URL`] : []),
];

const oneOf =
  (...values: readonly unknown[]): Check =>
  (value, path) =>
    values.includes(value) ? [] : [`${path}: not one of ${values.join(', ')}`];

/** A list of `least` to `most` items. */
const list =
  (item: Check, most: number, least = 1): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return [`${path}: no list`];
    const faults = value.flatMap((inner, index) => item(inner, `${path}[${index}]`));
    if (value.length < least) return [`${path}: empty`, ...faults];
    return value.length > most ? [`${path}: more than ${most} (${value.length})`, ...faults] : faults;
  };

interface Shape {
  readonly required?: Readonly<Record<string, Check>>;
  readonly optional?: Readonly<Record<string, Check>>;
}

/** An object with these members and no others. */
const shape =
  ({ required = {}, optional = {} }: Shape): Check =>
  (value, path) => {
    if (!isObject(value)) return [`${path}: no object`];
    const checks = { ...optional, ...required };
    return [
      ...Object.keys(required).flatMap((key) => (value[key] === undefined ? [`${path}.${key}: missing`] : [])),
      ...Object.entries(value).flatMap(([key, inner]) => {
        if (inner === undefined) return [];
        const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
        return check === undefined ? [`${path}.${key}: unknown member`] : check(inner, `${path}.${key}`);
      }),
    ];
  };

/** Chooses the shape by `type`. */
const byType =
  (shapes: Readonly<Record<string, Shape>>, common: Readonly<Record<string, Check>> = {}): Check =>
  (value, path) => {
    if (!isObject(value)) return [`${path}: no object`];
    const { type } = value;
    const known = typeof type === 'string' && Object.hasOwn(shapes, type) ? shapes[type] : undefined;
    if (known === undefined) return [`${path}.type: unknown type ${JSON.stringify(type)}`];
    const { required, optional } = known;
    return shape({ required: { type: oneOf(type), ...required }, optional: { ...optional, ...common } })(value, path);
  };

const plainText = (most: number): Shape => ({ required: { text: text(most) }, optional: { emoji: boolean } });
const plainTextObject = (most: number): Check => byType({ plain_text: plainText(most) });
const textObject = (most: number): Check =>
  byType({ plain_text: plainText(most), mrkdwn: { required: { text: text(most) }, optional: { verbatim: boolean } } });

const image: Shape = { required: { image_url: url, alt_text: text(2000) } };
const button: Shape = {
  required: { text: plainTextObject(75) },
  optional: {
    action_id: text(255),
    url,
    value: text(2000),
    style: oneOf('primary', 'danger'),
    accessibility_label: text(75),
  },
};

const richTextStyle = shape({ optional: { bold: boolean, italic: boolean, strike: boolean, code: boolean } });
const richTextElement = byType({
  text: { required: { text: text(3000) }, optional: { style: richTextStyle } },
  link: { required: { url }, optional: { text: text(3000), style: richTextStyle } },
  emoji: { required: { name: text(255) } },
  user: { required: { user_id: text(255) } },
  usergroup: { required: { usergroup_id: text(255) } },
  channel: { required: { channel_id: text(255) } },
  broadcast: { required: { range: oneOf('here', 'channel', 'everyone') } },
  date: {
    required: {
      timestamp: (value, path) => (Number.isInteger(value) ? [] : [`${path}: no integer`]),
      format: text(3000),
    },
  },
});
const richTextSection: Shape = { required: { elements: list(richTextElement, 1000) } };
const richTextPart = byType({
  rich_text_section: richTextSection,
  rich_text_quote: richTextSection,
  rich_text_preformatted: richTextSection,
  rich_text_list: {
    required: {
      style: oneOf('bullet', 'ordered'),
      elements: list(byType({ rich_text_section: richTextSection }), 1000),
    },
  },
});

/**
 * What Slack takes in each type of block that messages are made of. A type or member that is not here is a fault: this
 * never says yes to what it does not know.
 *
 * @see https://docs.slack.dev/reference/block-kit/blocks
 */
const block = byType(
  {
    section: {
      optional: {
        text: textObject(3000),
        fields: list(textObject(2000), 10),
        accessory: byType({ image, button }),
        expand: boolean,
      },
    },
    header: { required: { text: plainTextObject(150) } },
    context: {
      required: {
        elements: list(
          byType({
            image,
            plain_text: plainText(3000),
            mrkdwn: { required: { text: text(3000) }, optional: { verbatim: boolean } },
          }),
          10,
        ),
      },
    },
    divider: {},
    actions: { required: { elements: list(byType({ button }), 25) } },
    image: { ...image, optional: { title: plainTextObject(2000) } },
    rich_text: { required: { elements: list(richTextPart, 1000) } },
  },
  { block_id: text(255) },
);

const hasContent = (value: unknown): boolean =>
  !isObject(value) || value.type !== 'section' || value.text !== undefined || value.fields !== undefined;

/** Every fault in a list of blocks. */
export const blockFaults: Check = (value, path) => [
  ...list(block, 50)(value, path),
  ...(Array.isArray(value) ? value : []).flatMap((inner, index) =>
    hasContent(inner) ? [] : [`${path}[${index}]: a section needs text or fields`],
  ),
];
