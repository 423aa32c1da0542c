import { t } from './words'

/**
 * The words of the closed lists a visit may use; the server knows the same codes (qiaomen/phone/rules/vocabulary.py).
 */
export const CHECKS: Record<string, string[]> = {
  health: ['speech', 'movement', 'illness'], mind: ['mood', 'thinking', 'stress'],
  safety: ['gas', 'heating', 'electricity'],
  hygiene: ['person', 'home', 'surroundings'], dwelling: ['inside', 'outside', 'neighbours'],
}
export const TALKS = ['gas', 'fraud', 'heating', 'fire', 'water', 'benefits']

export function headTitle(head: string): string {
  return { health: t('健康'), mind: t('精神'), safety: t('安全'), hygiene: t('卫生'), dwelling: t('居住环境') }[head] ?? head
}
export function markTitle(mark: string): string {
  return {
    speech: t('说话'), movement: t('行动'), illness: t('病情'), mood: t('情绪'), thinking: t('思维'),
    stress: t('压力'), gas: t('用气'),
    heating: t('用水取暖'), electricity: t('用电'), person: t('个人'), home: t('屋内卫生'), surroundings: t('周边'), inside: t('屋内'),
    outside: t('屋外'), neighbours: t('邻里'),
  }[mark] ?? mark
}
export function talkTitle(talk: string): string {
  return {
    gas: t('用气安全'), fraud: t('防诈骗'), heating: t('取暖防煤气中毒'), fire: t('消防'), water: t('防溺水'), benefits: t('政策'),
  }[talk] ?? talk
}
export function handlingTitle(handling: string): string {
  return { on_the_spot: t('当场答复'), mine: t('我来办'), office: t('报社区'), urgent: t('急') }[handling] ?? handling
}
