#include "store/sealed/sealed_store.hpp"

#include "core/hex.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/model/system.hpp"
#include "model/next_schema.hpp"
#include "store/batch_rows.hpp"
#include "store/sealed/sealed_side.hpp"

namespace emptor::sealed {
namespace {

constexpr std::size_t rows_at_once = 2048;
constexpr std::size_t store_secret_size = 32;

// The reading calls of both interfaces.
template <class Interface>
class Reading : public Interface {
 public:
  Reading(std::unique_ptr<Interface> kept, const KeyRing& keys, StoreSecret& secret)
      : kept_(std::move(kept)), side_(*kept_, keys, secret) {}

  void require_keys() { side_.require_keys(); }

  const StoreInfo& info() override { return kept_->info(); }
  SchemaPtr schema() override { return kept_->schema(); }
  void get(const Entity& entity, std::span<const Id> ids, Batch& out) override { side_.get(entity, ids, out); }
  bool scan(const Query& query, ScanKey& key, Batch& out) override { return side_.scan(query, key, out); }
  Groups aggregate(const AggregateQuery& query) override { return side_.aggregate(query); }
  std::vector<JournalEntry> journal(std::int64_t after, std::size_t limit) override {
    return kept_->journal(after, limit);
  }
  std::optional<JournalEntry> entry(std::int64_t version) override { return kept_->entry(version); }
  std::optional<JournalEntry> operation(std::string_view op_id) override { return kept_->operation(op_id); }
  std::string setting(std::string_view name) override { return side_.setting(name); }
  std::vector<std::string> setting_names() override { return kept_->setting_names(); }
  Id next_id(const Entity& entity) override { return kept_->next_id(entity); }
  void stop_at(std::optional<std::chrono::steady_clock::time_point> moment) override { kept_->stop_at(moment); }

 protected:
  std::unique_ptr<Interface> kept_;
  SealedSide side_;
};

class SealedWriter final : public Reading<Writer> {
 public:
  SealedWriter(std::unique_ptr<Writer> kept, const KeyRing& keys, StoreSecret& secret)
      : Reading(std::move(kept), keys, secret), keys_(keys) {}

  Id allocate(const Entity& entity, std::size_t count) override { return kept_->allocate(entity, count); }
  std::int64_t next_version() override { return kept_->next_version(); }
  void put(const Entity& entity, std::span<const Row> rows, bool insert) override {
    kept_->put(entity, sealing() ? side_.sealed(entity, rows) : rows, insert);
    if (entity.number == SubjectKey::entity_number) side_.keep(entity, rows);
  }
  void replace(const Entity& entity, std::span<const Row> before, std::span<const Row> after) override {
    if (entity.sealed_fields.empty()) return kept_->replace(entity, before, after);
    put(entity, after, false);  // how the rows that stand there were sealed is not known
  }
  void erase(const Entity& entity, std::span<const Id> ids) override {
    kept_->erase(entity, ids);
    if (entity.number == SubjectKey::entity_number) side_.forget(ids);
  }
  void append(JournalEntry& entry) override { kept_->append(entry); }
  void forget_entries(std::int64_t up_to) override { kept_->forget_entries(up_to); }
  void begin_journal(const JournalHead& after) override { kept_->begin_journal(after); }
  void set_setting(std::string_view name, std::string_view value) override {
    sealing() ? kept_->set_setting(name, side_.sealed(name, value)) : kept_->set_setting(name, value);
  }
  void add_field(const CatalogField& field) override { kept_->add_field(field); }
  void drop_indexes(const Entity& entity) override { kept_->drop_indexes(entity); }
  bool restore_index() override { return kept_->restore_index(); }
  void commit() override { kept_->commit(); }

  // What the fields hold is sealed before it is said that they are.
  void mark_fields(std::span<const CatalogField> fields) override {
    const SchemaPtr before = kept_->schema(), after = marked(*before, fields);
    for (const Entity& entity : before->entities())
      for (const FieldNumber field : entity.sealed_fields)
        if (!after->entity(entity.number).fields[field].has(field_flag::sealed))
          throw Error(Problem{Code::unsupported,
                              "a field that is sealed stays so",
                              entity.name,
                              entity.fields[field].name,
                              {},
                              "copy the records into another store"});
    if (after->seals() && !before->seals()) wrap_secrets();
    for (const Entity& entity : before->entities())
      if (const Entity& next = after->entity(entity.number); next.sealed_fields != entity.sealed_fields)
        rewrite(entity, next);
    kept_->mark_fields(fields);
  }

 private:
  bool sealing() { return kept_->schema()->seals() || wrapping_; }

  // The secrets that the store has kept in plain until now, and one of its own for blind indexes.
  void wrap_secrets() {
    wrapping_ = true;
    set_setting(seal_setting, to_hex(keys_.draw(store_secret_size)));
    set_setting(salt_setting, kept_->setting(salt_setting));
    const SchemaPtr schema = kept_->schema();
    const Entity& secrets = schema->entity(SubjectKey::entity_number);
    rewrite(secrets, secrets);
  }

  void rewrite(const Entity& entity, const Entity& next) {
    const Query query{.entity = entity.name, .limit = rows_at_once, .with_deleted = true};
    ScanKey key;
    Batch batch;
    BatchRows rows;
    for (bool more = true; more; beat("seal")) {
      more = side_.scan(query, key, batch);
      kept_->put(entity, side_.sealed(next, rows.of(batch)), false);
    }
  }

  const KeyRing& keys_;
  bool wrapping_ = false;  // the schema does not say yet that there is something sealed
};

class SealedStore final : public Store {
 public:
  SealedStore(std::unique_ptr<Store> kept, const OpenOptions& options)
      : kept_(std::move(kept)), keys_(options.host_keys, options.entropy) {}

  std::unique_ptr<Reader> read() override {
    std::unique_ptr<Reader> reader = kept_->read();
    if (!reader->schema()->seals()) return reader;
    require_key();
    auto opened = std::make_unique<Reading<Reader>>(std::move(reader), keys_, secret_);
    if (secret_.known().empty()) opened->require_keys();
    return opened;
  }
  std::unique_ptr<Writer> write() override { return over(kept_->write()); }
  std::unique_ptr<Writer> write_grouped() override { return over(kept_->write_grouped()); }
  void sync() override { kept_->sync(); }
  void backup(const std::string& path, const Progress& progress) override { kept_->backup(path, progress); }
  Store& as_kept() noexcept override { return *kept_; }
  bool purge(std::chrono::milliseconds wait) override { return kept_->purge(wait); }
  std::string path() const override { return kept_->path(); }

 private:
  std::unique_ptr<Writer> over(std::unique_ptr<Writer> writer) {
    const bool seals = writer->schema()->seals();
    if (seals) require_key();
    if (keys_.empty()) return writer;
    auto sealed = std::make_unique<SealedWriter>(std::move(writer), keys_, secret_);
    if (seals) sealed->require_keys();  // each time: what is wrapped with a key that was rotated away would be lost
    return sealed;
  }
  void require_key() const {
    if (keys_.empty())
      throw Error(Code::denied, "the store has sealed fields, and no key was given",
                  "open it with the key that the host keeps for it (OpenOptions::host_keys)");
  }

  std::unique_ptr<Store> kept_;
  KeyRing keys_;
  StoreSecret secret_;
};

}  // namespace

std::unique_ptr<Store> over(std::unique_ptr<Store> kept, const OpenOptions& options) {
  return std::make_unique<SealedStore>(std::move(kept), options);
}

}  // namespace emptor::sealed
