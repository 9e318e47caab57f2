import { renderNotification } from '../../shared/slack/render-notification.ts';
import type { SlackMessage } from '../../shared/slack/slack-message.ts';
import { burstCards } from './burst-cards.ts';
import { notificationOf, SETTINGS } from './gallery-event.ts';
import { OPERATION_CARDS } from './operation-cards.ts';
import { PRINCIPAL_CARDS } from './principal-cards.ts';
import { SPECIAL_CARDS } from './special-cards.ts';

export interface GalleryCard {
  readonly section: string;
  /** Also the name of the picture. */
  readonly name: string;
  readonly message: SlackMessage;
}

const channel = SETTINGS.channels.default ?? {};

/** A card of each kind of message there is, made from records through the whole chain. */
export function galleryCards(): readonly GalleryCard[] {
  const single = (section: string, name: string, ...told: Parameters<typeof notificationOf>): GalleryCard => ({
    section,
    name,
    message: renderNotification(notificationOf(...told), channel),
  });
  return [
    ...Object.entries(OPERATION_CARDS).map(([name, record]) => single('Operations', name, record)),
    ...Object.entries(SPECIAL_CARDS).map(([name, { record, lateByMs }]) =>
      single('Out of the ordinary', name, record, lateByMs),
    ),
    ...Object.entries(PRINCIPAL_CARDS).map(([name, record]) => single('Principals', name, record)),
    ...Object.entries(burstCards()).map(([name, message]) => ({
      section: 'Many calls, and the notifier itself',
      name,
      message,
    })),
  ];
}
