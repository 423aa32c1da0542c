"""What an office may not call a list of people, however it is written; and what it may."""

import pytest

from qiaomen.kernel.forbidden import forbidden_in, tidy

FORBIDDEN = """
法轮功 法轮功人员 法 轮 功 法*轮*功 法a轮b功 法​轮​功 法輪功 ＦＡＬＵＮ falun习练者 Fa Lun Gong人员 fǎ lún gōng 发轮功人员 全能神信徒 邪教人员 信教群众 基督徒老人
教会活动人员 清真寺周边住户 做礼拜的老人 居士名单 少数民族 少數民族 少数民族流动人口 维吾尔族租户 维族务工 回民户 涉疆人员 新疆籍租客 藏族学生 重点关注人员 重点关注户 重點關注人員
重点人员 重-点-人-员 zhongdian renyuan 重点对象 重点管控人员 重点监控户 五类人员 七类重点人员 5类人员 三种人群 上访户 上訪 上 访 户 ｓｈａｎｇｆａｎｇ户 缠访闹访 进京访 越级访人员 信访老户
xinfang户 老访户 群访牵头人 维稳对象 維穩對象 weiwen对象 涉稳人员 不稳定因素人员 不放心人员 不托底人员 三失人员 扬言人员 党员家庭 民主党派成员 政治敏感人员 维权业主 异见人士 敏感人员
刑满释放人员 刑釋人員 两劳人员 社区矫正对象 shequ jiaozheng 吸毒史人员 戒毒人员 缓刑人员 肇事肇祸精神病人 涉黑涉恶家属 卖淫嫖娼前科 黑名单 失信老赖 钉子户 刺头 难缠户 爱投诉的居民 不配合住户
同性恋 艾滋病人 超生户 离异女性 懒汉 落后户 讨薪人员 可疑人员 境外人员 外籍租户 网格评分低分户 积分末位家庭 签到不足人员 排名靠后家庭 告状户 watchlist blacklist households petitioners
"""
HARMLESS = """
独居老人助浴 重残送餐 高龄上门体检 留守儿童作业辅导 空巢老人探访 失能老人上门护理 残疾人辅具借用 低保家庭走访 特困老人送药 孤儿助学 孕产妇访视 新生儿访视 慢病签约随访 高血压随访 糖尿病监测 重点人群体检
重点优抚对象慰问 退役军人慰问 烈属走访 计生特殊家庭陪诊 需要助浴的老人 送餐到家 午餐配送 冬季取暖检查 燃气安全检查 防滑扶手安装 适老化改造 无障碍坡道申请 轮椅借用 助听器补贴 白内障复明 流感疫苗接种 老年大学报名
暑期托管 寒假托管 四点半课堂 课后辅导 新生入学登记 新房装修老人看护 老旧小区加装电梯 独居老人门磁 应急呼叫器 夏季防暑探访 台风天转移帮助 停水送水 外出务工家庭留守老人 单亲家庭帮扶 困境儿童关爱 大病救助 临时救助 医疗救助
住房租赁补贴 廉租房申请 公益性岗位 就业困难人员 零就业家庭 高校毕业生就业 失业人员技能培训 家政培训 居家养老服务 日间照料 陪诊服务 认知症筛查 精神障碍康复 长期护理保险 高龄津贴 生活不能自理老人 代买代办 行动不便上门办证
社保认证上门 老年证办理 义诊 口腔检查 听力筛查 骨密度检查 心理陪伴 助餐点 理发上门 磨刀修伞 血压监控 腿脚不便上门 视障人士读报 听障人士手语 先天性心脏病儿童 外卖骑手子女托管 礼拜天送餐 教师家属慰问 星期六兴趣班
"""
SHORT_OF = 2
"""So many harmless titles of the list may be refused; the refusal says which word, and another title is found."""


def _titles(text: str) -> list[str]:
    return [title.replace("_", " ") for line in text.strip().splitlines() for title in _split(line)]


def _split(line: str) -> list[str]:
    joined = {
        "法 轮 功",
        "Fa Lun Gong人员",
        "fǎ lún gōng",
        "zhongdian renyuan",
        "上 访 户",
        "shequ jiaozheng",
        "blacklist households",
    }
    for title in joined:
        line = line.replace(title, title.replace(" ", "_"))
    return line.split(" ")


@pytest.mark.parametrize("title", _titles(FORBIDDEN))
def test_no_such_list_however_it_is_written(title: str) -> None:
    assert forbidden_in(title) is not None


def test_services_are_not_refused() -> None:
    titles = _titles(HARMLESS)
    assert len(_titles(FORBIDDEN)) >= 100 and len(titles) >= 80
    refused = {title: word for title in titles if (word := forbidden_in(title))}
    assert len(refused) <= SHORT_OF, refused


def test_one_writing_of_a_title() -> None:
    assert tidy(" 上訪·ＡＢ\u200b c ") == "上访abc"
