import type { Trouble } from './types'
import { t } from './words'

/** Say a refusal: what happened, what is safe, what to do. The server's own words first; a gateway has none. */
export function troubleInWords(trouble: Trouble): string {
  if (trouble.message) return trouble.message
  const minutes = Math.max(1, Math.ceil((trouble.after_s ?? 60) / 60))
  return `${happened(trouble.status, minutes)}${t('手机里已存的走访都在。')}`
}

function happened(status: number, minutes: number): string {
  if (status === 401) return t('这次登录社区的服务器不认了，请重新登录，登录后会接着交。')
  if (status === 403) return t('社区的服务器没有让这部手机交，请告诉社区主任。')
  if (status === 413) return t('有一件太大，路上的网关不让过；别的照样交。请告诉系统管理员。')
  if (status === 429) return t('交得太密，服务器请稍等 {n} 分钟；到时会自己再交。', { n: minutes })
  if (status >= 400 && status < 500) return t('有一件社区的服务器没有看懂；别的照样交。请更新手机应用，再告诉系统管理员。')
  if (status === 503) return t('社区的服务器正忙或在维护，过一会儿会自己再交。')
  return t('社区的服务器出了错，没有说收下的都没有收下；会自己再交，一小时后还这样请告诉系统管理员。')
}
