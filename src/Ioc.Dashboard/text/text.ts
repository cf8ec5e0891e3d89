import { signal } from '@preact/signals';
import { en } from './en';
import { vi, type TextKey } from './vi';

export type Language = 'vi' | 'en';
export type { TextKey };

const remembered = 'ioc.language';
const dictionaries: Record<Language, Readonly<Record<TextKey, string>>> = { vi, en };

export const language = signal<Language>(storedLanguage());

export function setLanguage(to: Language): void {
  language.value = to;
  localStorage.setItem(remembered, to);
}

/** The sentence of a key in the chosen language. */
export function t(key: TextKey, parameters: Readonly<Record<string, string | number>> = {}): string {
  return dictionaries[language.value][key].replace(/\{(\w+)\}/g, (mark, name: string) =>
    String(parameters[name] ?? mark),
  );
}

/** For words that come from the server: the key when we know it, otherwise the word as it came. */
export function tOr(key: string, otherwise: string): string {
  return key in vi ? t(key as TextKey) : otherwise;
}

function storedLanguage(): Language {
  return typeof localStorage !== 'undefined' && localStorage.getItem(remembered) === 'en' ? 'en' : 'vi';
}
