"""What carries the mark of a state secret is known; ordinary words are left alone."""

import time

import pytest

from qianjun.kernel.errors import Refused
from qianjun.kernel.secrecy import is_marked, is_marked_name, refuse_marked, refuse_marked_name
from qianjun.kernel.text import clean

MARKED = [
    "秘密★10年",
    "机密★20年",
    "绝密★30年",
    "机密★长期",
    "绝密★启用前",
    "秘密★1年\n特急\n城应急〔2026〕12号",
    "机 密 ★ 2 0 年",
    "机　密★５年",
    "秘密☆10年",
    "秘密⭐️10年",
    "秘密*10年",
    "秘密＊10 年",
    "秘密★特急",
    "关于做好某项工作的通知 秘密★10年 各街道",
    "绝\u200b密★1年",
    "絕密★1年",
    "祕密★10年",
    "机密",
    "绝密",
    "  秘密  ",
    "机密\n城中区某某方案\n一、总体要求",
    "城中区某某方案\r\n机密\r\n一、总体要求",
    "秘密10年\n正文",
    "绝密 30年\n正文",
    "机密 特急\n正文",
    "机密级\n正文",
    "机密文件\n正文",
    "【机密】关于某项目的情况",
    "情况如下[绝密]请查收",
    "〔秘密〕某通知",
    "（机密）关于某项目的情况",
    "关于某项目的情况（秘密）",
    "密级：机密",
    "密级: 秘密",
    "密 级：绝密",
    "密级：【秘密】",
    "编号 0012，密级为机密，份数 3",
    "保密等级：秘密",
    "涉密等级 绝密",
    "密级标志：秘密",
    "本件属国家秘密，阅后收回",
    "此件属于机密级，不得翻印",
    "本文件系国家秘密",
    "该方案定为秘密级",
    "密码电报\n正文",
    "国家秘密\n正文",
    "秘\n密\n★\n10\n年",
]
ORDINARY = [
    "静兰街道学院路口民房起火",
    "有人在秘密地点堆放烟花爆竹",
    "他秘密转移了货物，请派人来",
    "小区里有个秘密仓库，味道很大",
    "秘密花园KTV起火，有人被困",
    "《绝密行动》剧组在文昌路拍戏，占了消防通道",
    "有人捡到一份机密文件，在派出所",
    "这是公司的商业秘密，不能说是谁举报的",
    "举报人要求保守秘密",
    "请为举报人保密",
    "无人机密集飞行，影响直升机",
    "飞机密封舱漏气",
    "起重机密封圈老化漏油",
    "电梯机房密闭，有人被困",
    "密级：内部",
    "密级：公开",
    "密级：无",
    "密级：非密",
    "本系统不得处理国家秘密",
    "本报告不涉及国家秘密",
    "本件不属于国家秘密，可以公开",
    "保密意识要加强，不得泄露国家秘密",
    "这是一个公开的秘密",
    "他说这个秘密10年没人知道",
    "秘密10年后才说出来",
    "门口贴着“秘密”两个字",
    "**秘密**通道里有烟",
    "这里有一条 **秘密**",
    "旅馆叫机密空间，三楼冒烟",
    "绝密档案馆主题密室逃脱，有人晕倒",
    "密室逃脱店里有人被困",
    "人员密集场所，楼道堵了",
    "密码锁打不开，孩子在里面",
    "秘书说的，密度很大的烟",
    "工作秘密，内部使用",
    "五★级酒店起火",
    "★★★★★ 加急：需要水泵",
    "10年以上老房子，密密麻麻的电线",
    "燃气管道不严密★已通知燃气公司",
    "水泵机，密封不好，10年了",
    "涉密人员名单不在本系统",
    "举报涉密测绘",
    "",
    "收到",
]
NAMES = [
    "机密.docx",
    "秘密★10年.pdf",
    "机密_名单.xlsx",
    "绝密-方案.doc",
    "某通知（秘密）.docx",
    "【机密】方案.pdf",
    "2026-05 机密 会议纪要.pdf",
    "机密文件1.jpg",
    "绝密级材料.tar.gz",
]
PLAIN_NAMES = [
    "秘密花园.jpg",
    "商业秘密保护.pdf",
    "现场照片.jpg",
    "人员密集场所.xlsx",
    "无人机密集.mp4",
    "保密承诺书.docx",
    "",
    ".jpg",
]


@pytest.mark.parametrize("text", MARKED)
def test_a_marked_text_is_known(text: str) -> None:
    assert is_marked(text)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert not is_marked(text)


@pytest.mark.parametrize("name", NAMES)
def test_a_marked_name_of_a_file_is_known(name: str) -> None:
    assert is_marked_name(name)
    with pytest.raises(Refused):
        refuse_marked_name(name, field="name")


@pytest.mark.parametrize("name", PLAIN_NAMES)
def test_an_ordinary_name_of_a_file_is_left_alone(name: str) -> None:
    assert not is_marked_name(name)
    refuse_marked_name(name)


def test_a_mark_deep_in_a_text_is_found() -> None:
    assert is_marked("今天下午三点，" * 300 + "附：秘密★10年，" + "请各单位落实。" * 300)


def test_the_refusal_repeats_nothing_of_the_text() -> None:
    with pytest.raises(Refused) as refused:
        refuse_marked("王某", "绝密★30年 方案", field="text")
    assert (refused.value.code, refused.value.status) == ("must_not_be_entered", 422)
    assert refused.value.fields[0].field == "text"
    assert "绝密" not in refused.value.zh
    assert "30" not in refused.value.zh
    assert not refused.value.words


def test_no_text_that_is_stored_gets_past_the_cleaning() -> None:
    with pytest.raises(Refused) as refused:
        clean("密级：机密")
    assert refused.value.code == "must_not_be_entered"
    assert clean("秘密地点").text == "秘密地点"


@pytest.mark.running_clock
@pytest.mark.parametrize(
    "text",
    ["密" * 5_000, "机 " * 2_500, "秘密 " * 1_600, "本件" * 2_500 + "密", "\n" * 5_000 + "密"],
)
def test_no_text_takes_long(text: str) -> None:
    started = time.perf_counter()
    is_marked(text)
    assert time.perf_counter() - started < 0.5
