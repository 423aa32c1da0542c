/** Opening by finger or face, the voice line, the photo on the badge. */
export const OWN: Record<string, string> = {
  '用指纹或面容打开': 'Open with finger or face',
  '指纹、面容打开': 'Open with finger or face',
  '指纹或面容没有打开，请输 6 位密码。': 'Finger or face did not open it; enter the 6-digit PIN.',
  '先输 6 位密码，再按手机的提示验一次。以后两样都能打开；密码一直能用，连错 5 次照样删掉名单。':
    'Enter the PIN, then do as the phone asks. Both open it then; the PIN always works, five wrong ones end both.',
  '这部手机的浏览器或这个地址不能用指纹、面容，还是用 6 位密码。':
    'This browser or this address cannot use finger or face; the PIN stays.',
  '这部手机的指纹、面容给不出钥匙，解不开名单，还是用 6 位密码。':
    "This phone's finger or face gives no key and cannot open the list; the PIN stays.",
  '没有验成，什么都没有改，还是用 6 位密码。要用请再输一次密码。':
    'It was not confirmed and nothing changed; the PIN stays. To try again, enter the PIN once more.',
  '手机空间满了，没有存下，还是用 6 位密码。': 'The phone is full and it was not kept; the PIN stays.',
  '录一句话（可不录）': 'Record a voice line (optional)',
  '先问一句：“我把您这句话录下来，不到一分钟，只给社区办这件事的人听，行吗？”':
    'Ask first: “May I record this sentence, under a minute, only for those at the office who deal with it?”',
  '不愿意就不录，写下来一样办。不录孩子。': 'If not, do not record; written down it is dealt with alike. No children.',
  '对方同意，开始录': 'They agree: record',
  '不录': 'No recording',
  '正在录，{n} 秒；最多 {most} 秒': 'Recording, {n} s of at most {most}',
  '录好了': 'Done',
  '录音': 'voice line',
  '录音 {n} 秒，对方同意过': 'Voice line of {n} s; they agreed',
  '听一遍': 'Listen',
  '去掉录音': 'Remove the recording',
  '这部手机的浏览器不能录音。请把话写成一句。': 'This browser cannot record. Write a sentence instead.',
  '没有让这个网页用话筒，没有录。可以在手机设置里允许，或者把话写成一句。':
    'The page may not use the microphone; nothing was recorded. Allow it in the settings, or write a sentence.',
  '话筒打不开，没有录。请把话写成一句。': 'The microphone cannot be opened; nothing was recorded. Write a sentence instead.',
  '录音断了，没有存下。请再录一次，或者把话写成一句。': 'The recording broke off and was not kept. Record again, or write a sentence.',
  '这段录音太大，没有存下。请录短一些，或者把话写成一句。':
    'The recording is too large and was not kept. Record a shorter one, or write a sentence.',
  '我的照片': 'My photo',
  '放上我的照片（自愿）': 'Put my photo here (my choice)',
  '换一张照片': 'Another photo',
  '拿掉照片': 'Take the photo off',
  '自愿的，不放照样用。屋里人扫码时看得到；随时可以拿掉。':
    'By choice; the badge works without. Whoever scans it sees the photo; take it off at any time.',
  '没有信号，照片没有改。到有信号的地方再试。': 'No signal; the photo was not changed. Try again where there is one.',
}
