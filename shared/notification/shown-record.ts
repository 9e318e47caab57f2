import { asObject, exactMember, type JsonObject } from '../call/json.ts';
import { isNeverShown, isValueOfSecret, messageWithoutSecrets, type Quotable } from './redaction.ts';
import { NOT_SHOWN, withoutSecrets } from './secret-shapes.ts';

/** Members in which services say what went wrong, and quote what was sent. */
const SAYING_WHY = /^(?:error(?:Code|Message)?|message)$/i;

/**
 * A role in the words of IAM. As a parameter it says who may read a secret; of who calls it is the name, which AWS writes.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
const ROLE_ARN = /^arn:aws[\w-]*:iam::\d{12}:role\/([\w+=,.@/-]+)$/;

function callerArn(arn: string): string {
  const name = ROLE_ARN.exec(arn)?.[1];
  return name !== undefined && withoutSecrets(name) === name ? arn : withoutSecrets(arn);
}

/** Who calls, as far as the record says it where nobody but AWS writes. */
function shownIdentity(identity: JsonObject, record: Quotable): JsonObject {
  const shown = shownMembers(identity, record);
  const context = asObject(shown.sessionContext);
  const issuer = asObject(context?.sessionIssuer);
  const issuerArn = exactMember(exactMember(identity.sessionContext, 'sessionIssuer'), 'arn');
  return {
    ...shown,
    ...(typeof identity.arn === 'string' && { arn: callerArn(identity.arn) }),
    ...(issuer && typeof issuerArn === 'string'
      ? { sessionContext: { ...context, sessionIssuer: { ...issuer, arn: callerArn(issuerArn) } } }
      : undefined),
  };
}

function shownMember(key: string, value: unknown, record: Quotable): unknown {
  if (isNeverShown(key) && (typeof value === 'string' || typeof value === 'number')) return NOT_SHOWN;
  if (typeof value === 'string' && SAYING_WHY.test(key)) return messageWithoutSecrets(value, record);
  const identity = key === 'userIdentity' ? asObject(value) : undefined;
  return identity === undefined ? shownValue(value, record) : shownIdentity(identity, record);
}

const shownMembers = (object: JsonObject, record: Quotable): JsonObject =>
  Object.fromEntries(
    Object.entries(object).map(([key, inner]) => [
      withoutSecrets(key),
      isValueOfSecret(key, object) ? NOT_SHOWN : shownMember(key, inner, record),
    ]),
  );

function shownValue(value: unknown, record: Quotable): unknown {
  if (typeof value === 'string') return withoutSecrets(value);
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value)
    ? value.map((inner) => shownValue(inner, record))
    : shownMembers(value as JsonObject, record);
}

/**
 * A record or an event to look into, as it came but for what never leaves it: what looks like a secret, what is in a member
 * that holds one, and what an error quotes of that.
 */
export function recordWithoutSecrets(event: unknown): unknown {
  const record = asObject(exactMember(event, 'detail')) ?? asObject(event) ?? {};
  const { requestParameters, responseElements, userIdentity } = record;
  return shownValue(event, {
    requestParameters: asObject(requestParameters),
    responseElements: asObject(responseElements),
    userIdentity: asObject(userIdentity),
  });
}
