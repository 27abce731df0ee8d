#include "session/rule/names.hpp"

#include <algorithm>
#include <array>

namespace emptor {
namespace {

// Tables as text: a line of names parted by `|`, found by the first. Where the English name is left out, it is the
// field's with blanks.
constexpr std::string_view fields = R"(
accepted_at||受理时间
action||动作
active||启用
age||年龄
amount||金额
annual_revenue||年收入
answer||答复
answer_due_at|promised time of the answer|承诺答复时间
answered_at|time of the answer|答复时间
article||知识库文章
asset||客户资产
assigned_at|time of assignment|分配时间
assigned_by||指派人
at|moment|时间
attachment||附件
base_amount|amount|金额
birth_date|day of birth|出生日期
body|text|正文
bounced_at|time of return|退回时间
brand||品牌
budget||预算
calendar||历法
campaign||营销活动
cancel_reason|reason of the notice|退订原因
cancelled_at|time of notice|退订时间
care_date||关怀日
case||服务单
category||类别
cause||原因
channel||渠道
city||城市
closed_at|time of closing|关闭时间
code||代码
comment||评语
competitor||竞争对手
confidence||置信度
configuration||配置
confirmed_at|time of confirmation|确认时间
contact_cost||联系成本
contact||联系人
contact_point||联系方式
contacted_at|time of the first contact|首次联系时间
contacts|number of contacts|联系次数
contract||合同
convention||计分方式
converted_at|time of conversion|转化时间
cost||成本
country||国家
currency||币种
customer||客户
data_version||数据版本
day||日
days_ahead||提前天数
deleted_at|time of deletion|删除时间
delivered_at|time of delivery|送达时间
description||描述
diagnosis||诊断
direction||方向
discount||折扣
dispatched_at|time of dispatch|派工时间
done_at|time of completion|完成时间
due_at|due time|到期时间
due_on|due day|到期日
duration_seconds|length in seconds|时长（秒）
education||学历
email|e-mail address|电子邮箱
employees|number of employees|员工人数
ends_on|last day|结束日期
enrolled_at|time of enrolment|报名时间
evidence||证据
expected_close||预计成交日
expected_rate||预期转化率
expected_revenue||预期收入
failure||失败原因
family_name||姓
fault||故障
finished_at|time of completion|完成时间
first_order_at|first purchase|首次购买
founded_year|year of foundation|成立年份
freight||运费
gender||性别
given_name||名
goal||目标
group||分组
handled_at|time of handling|处理时间
held_out|being held out|属于对照组
hired_on|first day of work|入职日期
hold_out|hold-out share|对照组占比
id|number|编号
industry||行业
influence||影响力
installed_on|day of installation|安装日期
interaction|contact|交往记录
introduction||说明
issued_at|time of issue|发放时间
issues|number of issues|期数
key_contact||核心联系人
kind||类型
label||标注
language||语言
last_order_at|last purchase|最近一次购买
last_touch_at|last purchase or contact|最近一次购买或交往
leap_month||闰月
left_on|day of leaving|离职日期
limit||额度
login||登录名
lost_reason|reason of the loss|丢单原因
made_at|time of making|生成时间
manager||主管
manager_name|name of the manager|主管姓名
marital_status||婚姻状况
method||方式
model||模型
month||月
name||名称
name_key|folded name|名称键
next_step||下一步
notes||备注
notice_days|days of notice|通知天数
number||编号
occupation||职业
opened_at|time of opening|打开时间
opportunity||销售机会
order||订单
ordered_at|time of order|下单时间
orders|number of orders|订单数
origin|original customer|原属客户
outcome||结果
owner||负责人
paid_at|time of payment|付款时间
parent||上级
parts||配件
payment_days|days to pay|账期天数
period||周期
phone||电话
pipeline||销售管道
place||地点
points||积分
position||职位
postal_code||邮政编码
predicted||预测值
preferred||首选
preferred_channel||首选渠道
price||价格
price_list||价目表
priority||优先级
probability||概率
product||产品
programme||课程或会员计划
promotion||促销
purpose||用途
quantity||数量
question||题目
quote||报价单
quoted_at|time of the quote|报价时间
raised_at|time of the alert|预警时间
rank||名次
rated_by|rating agency|评级方
rating||评级
reason||原因
received_at|time of receipt|收到时间
received_by|receiving user|接收人
recipient||收件人
redeemed_at|time of use|使用时间
reference||付款参考号
region||地区
related|other customer|关联客户
related_origin|original other customer|原属关联客户
renews|renewal|自动续订
reopened|times reopened|重开次数
resolution||解决办法
resolved_at|time of solution|解决时间
responded_at|time of response|响应时间
response||答卷
result||结果
retired_on|last day of use|停用日期
returned_at|time of return|退货时间
revenue||销售额
revision||版次
routed_to|receiving function|转交部门
score||评分
segment|market segment|细分市场
segment_id|segment|客户分群
sent_at|time of sending|发送时间
sentiment||情感倾向
serial_number||序列号
service_level||服务级别
severity||严重程度
shipped_at|time of shipping|发货时间
signed_on|day of signature|签订日期
since|first contact|首次接触
sku|article number|货号
source||来源
source_key||来源指纹
stage||客户状态
stage_at|time of the stage|进入阶段时间
starts_at|appointed time|约定时间
starts_on|first day|开始日期
state||状态
stated_at|time of the statement|表态时间
status||状态
stock||库存
street||街道
subcategory||子类别
subject||主题
subscription||订阅
supply_position|position in the supply chain|供应链位置
survey||问卷
team||团队
technician||技师
terms||条款
territory||销售区域
text||内容
thread||会话
tier|service tier|服务等级
title||称谓
topic||主题
total|amount|总额
under_warranty|warranty|在保
user||用户
valid_from|first day|生效日期
valid_to|last day|失效日期
value||值
value_key|normalised value|规范值
variant||版本
variants||版本
verified_at|time of verification|核实时间
version||版本
warranty_to|last day of warranty|质保截止日
work||工作内容
workflow||工作流
year||年份
)";
constexpr std::string_view entities = R"(
alert|alert|alerts|had|预警|条
answer|answer|answers|gave|回答|个
asset|asset|assets|have|客户资产|件
block|block|blocks|have|停止服务记录|条
care_date|care date|care dates|have|关怀日|个
case|case|cases|opened|服务单|件
consent|statement of consent|statements of consent|gave|授权同意记录|条
contact_point|contact point|contact points|have|联系方式|个
contract|contract|contracts|signed|合同|份
coupon|coupon|coupons|got|优惠券|张
credit|credit record|credit records|have|信用记录|条
enrolment|enrolment|enrolments|have|报名|次
feedback|piece of feedback|pieces of feedback|gave|反馈|条
interaction|contact|contacts|had|交往记录|次
issue|issue|issues|got|期刊发行|期
membership|campaign membership|campaign memberships|have|营销活动参与|次
message|message|messages|got|消息|条
opportunity|opportunity|opportunities|have|销售机会|个
order|order|orders|placed|订单|笔
order_line|order line|order lines|bought|订单明细|条
payment|payment|payments|made|付款|笔
quote|quote|quotes|got|报价单|份
quote_line|quote line|quote lines|got|报价明细|条
recommendation|recommendation|recommendations|have|推荐|条
relationship|relationship|relationships|have|关系|个
repair_order|repair|repairs|ordered|维修单|张
response|response|responses|gave|答卷|份
return|return|returns|made|退货|次
score|score|scores|have|评分|个
segment_change|segment change|segment changes|had|分群进出记录|条
subscription|subscription|subscriptions|have|订阅|个
tag|tag|tags|have|标签|个
task|task|tasks|have|任务|项
)";

std::string_view line_of(std::string_view table, std::string_view name) {
  const std::string begin = "\n" + std::string(name) + "|";
  const std::size_t found = table.find(begin);
  if (found == std::string_view::npos) return {};
  table.remove_prefix(found + begin.size());
  return table.substr(0, table.find('\n'));
}

std::string_view part(std::string_view line, std::size_t index) {
  for (; index > 0; --index) line.remove_prefix(std::min(line.find('|'), line.size() - 1) + 1);
  return line.substr(0, line.find('|'));
}

std::string with_blanks(std::string_view name) {
  std::string text(name);
  std::ranges::replace(text, '_', ' ');
  return text;
}

}  // namespace

std::string field_name(std::string_view field, Language language) {
  if (field.starts_with("x_")) return with_blanks(field.substr(2));
  std::string_view line = line_of(fields, field);
  if (line.empty() && field.ends_with("_id")) {
    field.remove_suffix(3);
    line = line_of(fields, field);
  }
  const std::string_view name = line.empty() ? line : part(line, language == Language::english ? 0 : 1);
  return name.empty() ? with_blanks(field) : std::string(name);
}

EntityName entity_name(std::string_view entity, Language language) {
  const std::string_view line = line_of(entities, entity);
  const auto text = [&](std::size_t index) { return std::string(part(line, index)); };
  const std::string plain = with_blanks(entity);
  if (language == Language::chinese)
    return line.empty() ? EntityName{plain + "记录", "条", {}} : EntityName{text(3), text(4), {}};
  return line.empty() ? EntityName{plain + " record", plain + " records", "have"}
                      : EntityName{text(0), text(1), text(2)};
}

}  // namespace emptor
