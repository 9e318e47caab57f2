import type { CloudTrailRecord } from './api-call-event.ts';
import { boundedText } from './bounded-text.ts';
import { errorInResponse } from './classify-call.ts';
import { exactText } from './json-member.ts';
import type { Notification } from './notification.ts';
import { neverShownTexts } from './shown-parameters.ts';
import { withoutSecrets } from './without-secrets.ts';

/** CloudTrail cuts error codes and messages here. */
const ERROR_LENGTH = 1024;

/** Ranges of addresses tell the layout of a network; as parameters they are shown only where the admin allows it. */
const ADDRESS_RANGES = /(?:\b\d{1,3}(?:\.\d{1,3}){3}|(?<![\w:])[\da-f]{0,4}(?::[\da-f]{0,4}){2,7})\/\d{1,3}\b/gi;

/** An error message may repeat what was sent; what never leaves the event does not leave it that way either. */
function messageOf({ errorMessage, requestParameters, responseElements }: CloudTrailRecord): string | undefined {
  const said = errorMessage || (exactText(responseElements, 'message') ?? exactText(responseElements, 'errorMessage'));
  if (!said) return undefined;
  let message = boundedText(said, ERROR_LENGTH);
  for (const text of neverShownTexts(requestParameters)) message = message.replaceAll(text, '(not shown)');
  return withoutSecrets(message).replace(ADDRESS_RANGES, '(not shown)');
}

/** Why the call did not succeed, as CloudTrail has it, else as the response has it. */
export function errorOfCall(record: CloudTrailRecord): Notification['error'] {
  const { errorMessage } = record;
  const code = record.errorCode || errorInResponse(record);
  if (!code && !errorMessage) return undefined;
  return {
    code: code ? withoutSecrets(boundedText(code, ERROR_LENGTH)) : 'no error code',
    message: messageOf(record),
  };
}
