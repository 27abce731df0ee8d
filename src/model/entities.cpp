#include "emptor/model/entities.hpp"

#include <algorithm>
#include <array>

#include "emptor/model/schema.hpp"

namespace emptor {
namespace {

template <class T>
constexpr auto described_fields = fields_of<T>();

template <class T>
constexpr Keeping keeping_of() {
  if constexpr (requires { T::keeping; }) {
    return T::keeping;
  } else {
    return Keeping::journalled;
  }
}

template <class T>
constexpr std::span<const std::string_view> keys_of() {
  if constexpr (requires { T::unique_keys; }) {
    return T::unique_keys;
  } else {
    return {};
  }
}

template <class T>
constexpr bool finds_deleted() {
  return requires { T::finds_deleted; };
}

template <Described T>
constexpr EntityDescription description_of() {
  return {T::entity_name,      T::entity_doc, T::entity_number,  keeping_of<T>(),
          described_fields<T>, keys_of<T>(),  finds_deleted<T>()};
}

template <Described... T>
constexpr auto in_order_of_numbers() {
  std::array<EntityDescription, sizeof...(T)> all = {description_of<T>()...};
  std::sort(all.begin(), all.end(),
            [](const EntityDescription& a, const EntityDescription& b) { return a.number < b.number; });
  return all;
}

// One line an entity.
// clang-format off
constexpr auto all_described = in_order_of_numbers<
    User,
    Role,
    Permission,
    UserRole,
    Team,
    Territory,
    Customer,
    Relationship,
    ContactPoint,
    Consent,
    Identity,
    Tag,
    CareDate,
    Credit,
    Block,
    PoolRule,
    Interaction,
    Task,
    Survey,
    SurveyQuestion,
    Response,
    Answer,
    Feedback,
    Product,
    PriceList,
    PriceListItem,
    BundleItem,
    Pipeline,
    PipelineStage,
    Opportunity,
    Quote,
    Order,
    OrderLine,
    QuoteLine,
    Contract,
    Subscription,
    Issue,
    Payment,
    Return,
    Target,
    Competitor,
    Campaign,
    Membership,
    Promotion,
    Coupon,
    Programme,
    Enrolment,
    Advertisement,
    Message,
    Case,
    ServiceLevel,
    Calendar,
    Shift,
    Holiday,
    RepairOrder,
    Asset,
    Article,
    Workflow,
    WorkflowState,
    Model,
    Score,
    Segment,
    SegmentChange,
    Alert,
    Recommendation,
    SubjectKey,
    CustomerSummary,
    CustomerHistory,
    ExchangeRate,
    ErasureReceipt,
    CustomerRead,
    SegmentPlace,
    CustomerSegments,
    SearchPart,
    WorkflowTransition>();
// clang-format on

}  // namespace

std::span<const EntityDescription> described_entities() noexcept { return all_described; }

}  // namespace emptor
