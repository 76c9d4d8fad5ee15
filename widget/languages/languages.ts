/**
 * The languages there are beside English, and the words of the button in each of them. Fetched by a
 * page in another language; all other words of a language are a file of their own, fetched with the
 * panel.
 */

import type { LAUNCHER_STRINGS } from '../strings/launcher.js';
import type { Translation } from '../strings.js';
import type { Language, Text } from '../words.js';

type ButtonKey = keyof typeof LAUNCHER_STRINGS;
type Button = { readonly [Key in ButtonKey]?: Text };

interface Entry {
  readonly button: Button;
  /** Right to left. */
  readonly isRtl?: true;
  load(): Promise<{ readonly strings: Translation }>;
}

const button = (
  open: string,
  close: string,
  unread: Text,
  failed: string,
  retry: string,
): Button => ({
  'launcher.open': open,
  'launcher.close': close,
  'launcher.unread': unread,
  'launcher.failed': failed,
  'launcher.retry': retry,
});

/** By language subtag (BCP 47). */
export const LANGUAGES: Readonly<Record<string, Entry>> = {
  /** Its words lie beside what says them. */
  en: { button: {}, load: async () => ({ strings: {} }) },
  de: {
    button: button(
      'Chat öffnen',
      'Chat schließen',
      { one: '{n} neue Nachricht', other: '{n} neue Nachrichten' },
      'Der Chat konnte nicht geladen werden. Prüf deine Verbindung und versuch es noch einmal.',
      'Noch einmal versuchen',
    ),
    load: () => import('./de.js'),
  },
  fr: {
    button: button(
      'Ouvrir le chat',
      'Fermer le chat',
      { one: '{n} nouveau message', other: '{n} nouveaux messages' },
      'Le chat n’a pas pu être chargé. Vérifie ta connexion et réessaie.',
      'Réessayer',
    ),
    load: () => import('./fr.js'),
  },
  es: {
    button: button(
      'Abrir el chat',
      'Cerrar el chat',
      { one: '{n} mensaje nuevo', other: '{n} mensajes nuevos' },
      'No se pudo cargar el chat. Revisa tu conexión e inténtalo de nuevo.',
      'Intentar de nuevo',
    ),
    load: () => import('./es.js'),
  },
  pt: {
    button: button(
      'Abrir o chat',
      'Fechar o chat',
      { one: '{n} mensagem nova', other: '{n} mensagens novas' },
      'Não foi possível carregar o chat. Verifique sua conexão e tente de novo.',
      'Tentar de novo',
    ),
    load: () => import('./pt.js'),
  },
  it: {
    button: button(
      'Apri la chat',
      'Chiudi la chat',
      { one: '{n} nuovo messaggio', other: '{n} nuovi messaggi' },
      'Non è stato possibile caricare la chat. Controlla la connessione e riprova.',
      'Riprova',
    ),
    load: () => import('./it.js'),
  },
  pl: {
    button: button(
      'Otwórz czat',
      'Zamknij czat',
      {
        one: '{n} nowa wiadomość',
        few: '{n} nowe wiadomości',
        many: '{n} nowych wiadomości',
        other: '{n} nowej wiadomości',
      },
      'Nie udało się wczytać czatu. Sprawdź połączenie i spróbuj ponownie.',
      'Spróbuj ponownie',
    ),
    load: () => import('./pl.js'),
  },
  uk: {
    button: button(
      'Відкрити чат',
      'Закрити чат',
      {
        one: '{n} нове повідомлення',
        few: '{n} нові повідомлення',
        many: '{n} нових повідомлень',
        other: '{n} нового повідомлення',
      },
      'Не вдалося завантажити чат. Перевір з’єднання і спробуй ще раз.',
      'Спробувати ще раз',
    ),
    load: () => import('./uk.js'),
  },
  ar: {
    isRtl: true,
    button: button(
      'فتح الدردشة',
      'إغلاق الدردشة',
      {
        zero: 'لا رسائل جديدة',
        one: 'رسالة جديدة واحدة',
        two: 'رسالتان جديدتان',
        few: '{n} رسائل جديدة',
        many: '{n} رسالة جديدة',
        other: '{n} رسالة جديدة',
      },
      'تعذّر تحميل الدردشة. تحقّق من اتصالك وحاول مرة أخرى.',
      'حاول مرة أخرى',
    ),
    load: () => import('./ar.js'),
  },
  he: {
    isRtl: true,
    button: button(
      'פתיחת הצ׳אט',
      'סגירת הצ׳אט',
      { one: 'הודעה חדשה אחת', two: 'שתי הודעות חדשות', other: '{n} הודעות חדשות' },
      'לא ניתן לטעון את הצ׳אט. כדאי לבדוק את החיבור ולנסות שוב.',
      'ניסיון נוסף',
    ),
    load: () => import('./he.js'),
  },
  hi: {
    button: button(
      'चैट खोलें',
      'चैट बंद करें',
      { one: '{n} नया संदेश', other: '{n} नए संदेश' },
      'चैट लोड नहीं हो सकी। अपना कनेक्शन जाँचें और फिर कोशिश करें।',
      'फिर कोशिश करें',
    ),
    load: () => import('./hi.js'),
  },
  zh: {
    button: button(
      '打开聊天',
      '关闭聊天',
      { other: '{n} 条新消息' },
      '聊天无法加载。请检查网络连接，然后重试。',
      '重试',
    ),
    load: () => import('./zh.js'),
  },
  ja: {
    button: button(
      'チャットを開く',
      'チャットを閉じる',
      { other: '新着メッセージ{n}件' },
      'チャットを読み込めませんでした。接続を確認して、もう一度お試しください。',
      'もう一度試す',
    ),
    load: () => import('./ja.js'),
  },
};

/**
 * The first of `tags` there are words for, null where there is none.
 * @param tags BCP 47, the best first; pages write all sorts of things there
 * @param isWhole with the words of the panel, else those of the button
 */
export async function language(
  tags: readonly string[],
  isWhole: boolean,
): Promise<Language | null> {
  for (const tag of tags) {
    const locale = localeOf(tag);
    const entry = locale && LANGUAGES[locale.language];
    // The Chinese here is written in simplified characters.
    if (!entry || locale.maximize().script === 'Hant') continue;
    const { button, isRtl, load } = entry;
    const strings = isWhole ? { ...button, ...(await load()).strings } : button;
    return { locale: locale.baseName, dir: isRtl ? 'rtl' : 'ltr', strings };
  }
  return null;
}

function localeOf(tag: string): Intl.Locale | null {
  try {
    return new Intl.Locale(tag);
  } catch {
    return null;
  }
}
