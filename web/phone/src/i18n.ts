/** Chinese is the source; English is looked up by it. */

import { ref } from 'vue'
import { en } from './en'

export type Lang = 'zh' | 'en'
export const lang = ref<Lang>('zh')

export function t(zh: string, values: Record<string, string | number> = {}): string {
  const text = lang.value === 'en' ? (en[zh] ?? zh) : zh
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}
