import { asObject, type JsonObject } from '../../shared/call/json.ts';
import { mayHaveTimes, timeFault } from './request-times.ts';
import { AwsError } from './service.ts';

/** Entries that a batch request of SQS takes. */
export const MOST_ENTRIES = 10;
/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatchRequestEntry.html */
const ENTRY_ID = /^[\w-]{1,80}$/;

const MOST_ATTRIBUTES = 10;
/** What XML 1.0 has room for, as in the body. */
const ALLOWED_TEXT = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]+$/u;
const ALLOWED_NAME = /^(?!(?:aws|amazon)\.)(?!.*\.\.)[\w-](?:[\w.-]{0,254}[\w-])?$/i;
const ALLOWED_TYPE = /^(?:String|Number|Binary)(?:\..{1,249})?$/;

const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text));

function valueFault(name: string, dataType: string, text: unknown): string | undefined {
  if (typeof text !== 'string' || text === '') {
    return `Message (user) attribute '${name}' must contain a non-empty value of type '${dataType}'.`;
  }
  if (dataType.startsWith('Binary')) return undefined;
  if (!ALLOWED_TEXT.test(text)) return `Message (user) attribute '${name}' has characters that a message may not hold.`;
  if (dataType.startsWith('Number') && !isNumber(text)) {
    return `Can't cast the value of message (user) attribute '${name}' to a number.`;
  }
  return undefined;
}

function attributeFault([name, value]: readonly [string, unknown]): string | undefined {
  const { DataType, StringValue, BinaryValue } = asObject(value) ?? {};
  if (!ALLOWED_NAME.test(name)) return `Message (user) attribute name '${name}' is invalid.`;
  if (typeof DataType !== 'string' || !ALLOWED_TYPE.test(DataType)) {
    return `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`;
  }
  return valueFault(name, DataType, DataType.startsWith('Binary') ? BinaryValue : StringValue);
}

/**
 * What SQS says of the attributes of a message, or of an entry of a batch, that it does not take; fauxqs takes any.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
function attributesFault({ MessageAttributes }: JsonObject): string | undefined {
  const attributes = Object.entries(asObject(MessageAttributes) ?? {});
  if (attributes.length > MOST_ATTRIBUTES) {
    return `Number of message attributes [${attributes.length}] exceeds the allowed maximum [${MOST_ATTRIBUTES}].`;
  }
  for (const attribute of attributes) {
    const fault = attributeFault(attribute);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Whether a request may hold what SQS refuses and fauxqs takes, or times of this machine's clock, as far as its text shows. */
export const mustBeRead = (operation: string, body: Buffer): boolean =>
  operation === 'SendMessageBatch' ||
  mayHaveTimes(operation, body) ||
  (operation === 'SendMessage' && body.includes('MessageAttributes'));

/** What SQS says of a request about one message that it does not take. */
export const messageFault = (input: JsonObject): string | undefined => timeFault(input) ?? attributesFault(input);

/** What SQS says of an entry of a batch, which fails by itself. */
export const entryFault = (operation: string, entry: JsonObject): string | undefined =>
  operation === 'SendMessageBatch' && (entry.MessageBody === undefined || entry.MessageBody === '')
    ? 'The request must contain the parameter MessageBody.'
    : messageFault(entry);

/** fauxqs takes longer ones. @throws AwsError */
export function checkIds(entries: readonly JsonObject[]): void {
  if (entries.every(({ Id }) => ENTRY_ID.test(String(Id)))) return;
  throw new AwsError(
    'InvalidBatchEntryId',
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
  );
}

/** Whether a batch is refused whatever its entries are: too many, or two of one name. */
export const isRefusedWhole = (entries: readonly JsonObject[]): boolean =>
  entries.length > MOST_ENTRIES || new Set(entries.map(({ Id }) => Id)).size < entries.length;
