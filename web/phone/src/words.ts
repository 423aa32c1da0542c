import { ref } from 'vue'

export const language = ref<'zh' | 'en'>('zh')
/** Return a sentence in the chosen language; `{n}` and the like are filled in. */
export function t(zh: string, values: Record<string, string | number> = {}): string {
  let text = language.value === 'en' ? (EN[zh] ?? zh) : zh
  for (const [name, value] of Object.entries(values)) text = text.replace(`{${name}}`, String(value))
  return text
}

export const EN: Record<string, string> = {
  '敲门': 'Qiaomen', '登录名': 'Sign-in name', '密码': 'Password', '登录': 'Sign in', '今日': 'Today', '楼栋': 'Buildings', '记一件': 'Record', '我的': 'Me',
  '今天 {n} 户': '{n} doors today', '已走 {n}': '{n} done', '未上传 {n}': '{n} not uploaded', '离线': 'offline', '取今天的名单': "Take today's list",
  '还没有今天的名单。': 'No list for today yet.', '今天没有安排您的小组敲门。': 'Your team has no round today.',
  '找一户：门牌、姓或首字母': 'Find a door: number, surname or initial', '今天的名单里没有这一户。': "Not in today's list.",
  '没有信号，先用手机里的名单。': 'No signal; using the list on the phone.', '返回': 'Back', '为什么去': 'Why', '上次': 'Last visit', '上次答应': 'Last promise',
  '做到了': 'kept', '没做到': 'not kept', '还在办': 'under way', '电话': 'Telephone', '见面了': 'Met', '没人在': 'No one home', '拒访': 'Refused', '更多结果': 'More',
  '电话完成': 'By telephone', '已迁出': 'Moved away', '已故': 'Died', '地址错误': 'Wrong address', '见面，提前结束': 'Met, cut short',
  '一切都好，存下': 'All well, save', '听到一件诉求': 'Heard a need', '哪一类？': 'What kind?', '一句话（可不填）': 'One sentence (optional)', '怎么办？点一下就存': 'What to do? One tap saves',
  '当场答复': 'Answered on the spot', '社区来办': 'The office takes it on', '急办': 'Urgent', '拍一张（可不拍）': 'Photo (optional)', '拍事不拍人。照片会去掉位置等信息。': 'Of the matter, not of people. Place and other data are removed.',
  '已拍 {n} 张': '{n} taken', '已存手机': 'Saved on phone', '待上传': 'Waiting to upload', '社区已收到': 'Received by the office', '待核': 'Being checked',
  '未上传': 'Not uploaded', '最早一件是 {when} 存的。': 'The oldest was saved {when}.', '都已交到社区。': 'All handed in.', '现在重试': 'Try again now', '导出密封件': 'Export sealed items',
  '走访在手机里是密封的，只有社区的服务器打得开。': 'Visits are sealed on the phone; only the office server can open them.', '大字': 'Large letters', '左手': 'Left hand', '交班': 'Hand over',
  '交班会删掉名单并退出；没交的走访留在手机里，下次登录继续交。': 'Handing over deletes the list and signs out; visits not handed in stay and go on at the next sign-in.', '确定交班': 'Hand over now', '名单 {when} 到期': 'The list expires {when}',
  '登录已失效，请重新登录。没交的走访都在。': 'The sign-in has ended; sign in again. Visits not handed in are all there.', '请用浏览器打开': 'Open in a browser',
  '微信里不能离线使用。请点右上角“…”，选“在浏览器打开”，再用“分享→添加到主屏幕”。': 'This does not work offline inside WeChat. Tap “…” at the top right, choose “Open in browser”, then “Share → Add to Home Screen”.',
  '这个地址不安全，手机不能密封走访。请问社区要 https 开头的地址。': 'This address is not secure, so the phone cannot seal visits. Ask the office for the address that begins with https.',
  '没有连上服务器，请到有信号的地方登录一次。': 'No connection; sign in once where there is signal.', '{n} 单元': 'Entrance {n}',
  '从今天的名单里选一户。': "Choose a door from today's list.", '见过面': 'seen', '今天要走': 'today', '已记': 'recorded', '语言': 'Language',
}
