/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ddi-service"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "model/muster-device.h"
#include "muster-ddi-certificate.h"
#include "muster-ddi-service.h"

/* Those that nobody knows, at once. */
#define MAX_STRANGERS 1000
#define AGE_SECONDS 30

/* What polls, and no record knows. */
typedef struct
{
  MusterMdnsRecord *record;     /* (owned) (nullable): as discovery was told of it */
  char             *address;    /* (owned) (nullable) */
  char             *attributes; /* (owned) (nullable): a JSON object of texts */
  gint64            seen_at;
} Stranger;

struct _MusterDdiService
{
  MusterService parent_instance;

  MusterDdiParts parts; /* (owned) */
  MusterActor   *actor; /* (owned) */

  GHashTable *strangers; /* (owned): controller id → (owned) Stranger */
  guint       age_id;

  MusterDdiAuthorities *authorities; /* (owned) (nullable): of client certificates */
};

G_DEFINE_FINAL_TYPE (MusterDdiService, muster_ddi_service, MUSTER_TYPE_SERVICE)

static void
stranger_free (gpointer data)
{
  Stranger *self = data;

  g_clear_pointer (&self->record, muster_mdns_record_unref);
  g_free (self->address);
  g_free (self->attributes);
  g_free (self);
}

/* --- certificates --- */

/* Nobody is let in by a certificate while there is no such file. */
static DexFuture *
read_authorities_fiber (gpointer user_data)
{
  MusterDdiService *self = user_data;
  const char       *path =
    muster_settings_get_string (self->parts.settings, MUSTER_SETTING_DDI_CLIENT_AUTHORITIES);
  g_autofree char *name = g_strdup (path);
  g_autoptr (GFile) file = name != NULL ? g_file_new_for_path (name) : NULL;
  g_autoptr (GBytes) pem = NULL;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->authorities, muster_ddi_authorities_free);
  if (file == NULL)
    return dex_future_new_true ();
  pem = dex_await_boxed (dex_file_load_contents_bytes (file), &error);
  path = muster_settings_get_string (self->parts.settings, MUSTER_SETTING_DDI_CLIENT_AUTHORITIES);
  if (pem != NULL && g_strcmp0 (name, path) == 0)
    {
      g_clear_pointer (&self->authorities, muster_ddi_authorities_free);
      self->authorities = muster_ddi_authorities_new (pem, &error);
    }
  if (error != NULL)
    g_warning ("%s: no client is let in by its certificate: %s", name, error->message);
  return dex_future_new_true ();
}

static DexFuture *
muster_ddi_service_read_authorities (MusterDdiService *self)
{
  return dex_scheduler_spawn (NULL, 0, read_authorities_fiber, g_object_ref (self), g_object_unref);
}

static void
muster_ddi_service_authorities_changed_cb (MusterSettings *settings,
                                           const char     *key,
                                           gpointer        user_data)
{
  dex_future_disown (muster_ddi_service_read_authorities (user_data));
}

gboolean
muster_ddi_service_knows_certificate (MusterDdiService *self,
                                      GTlsCertificate  *certificate,
                                      const char       *controller_id)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (MUSTER_IS_DDI_SERVICE (self), FALSE);

  if (self->authorities == NULL)
    return FALSE;
  name = muster_ddi_authorities_check (self->authorities, certificate);
  return name != NULL && *name != '\0' && strcmp (name, controller_id) == 0;
}

/* --- life --- */

static void
muster_ddi_service_drop (MusterDdiService *self, Stranger *stranger)
{
  if (stranger->record != NULL)
    muster_discovery_service_remove_told (self->parts.discovery, stranger->record);
}

static gboolean
muster_ddi_service_age_cb (gpointer user_data)
{
  MusterDdiService *self = user_data;
  gint64            seconds =
    muster_settings_get_integer (self->parts.settings, MUSTER_SETTING_DDI_POLLING_TIME) +
    muster_settings_get_integer (self->parts.settings, MUSTER_SETTING_DDI_OVERDUE_TIME);
  gint64         before = muster_clock_get_now (self->parts.clock) - seconds * G_USEC_PER_SEC;
  GHashTableIter iter;
  Stranger      *stranger = NULL;

  g_hash_table_iter_init (&iter, self->strangers);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&stranger))
    if (stranger->seen_at < before)
      {
        muster_ddi_service_drop (self, stranger);
        g_hash_table_iter_remove (&iter);
      }
  return G_SOURCE_CONTINUE;
}

static DexFuture *
muster_ddi_service_start (MusterService *service)
{
  MusterDdiService *self = MUSTER_DDI_SERVICE (service);

  self->age_id = g_timeout_add_seconds (AGE_SECONDS, muster_ddi_service_age_cb, self);
  g_signal_connect_object (self->parts.settings, "changed::" MUSTER_SETTING_DDI_CLIENT_AUTHORITIES,
                           G_CALLBACK (muster_ddi_service_authorities_changed_cb), self, 0);
  return muster_ddi_service_read_authorities (self);
}

static DexFuture *
muster_ddi_service_stop (MusterService *service)
{
  g_clear_handle_id (&MUSTER_DDI_SERVICE (service)->age_id, g_source_remove);
  return NULL;
}

static void
muster_ddi_service_finalize (GObject *object)
{
  MusterDdiService *self = MUSTER_DDI_SERVICE (object);

  g_clear_handle_id (&self->age_id, g_source_remove);
  g_clear_pointer (&self->strangers, g_hash_table_unref);
  g_clear_pointer (&self->authorities, muster_ddi_authorities_free);
  g_clear_pointer (&self->actor, muster_actor_unref);
  g_clear_object (&self->parts.updates);
  g_clear_object (&self->parts.rollouts);
  g_clear_object (&self->parts.registry);
  g_clear_object (&self->parts.discovery);
  g_clear_object (&self->parts.settings);
  g_clear_object (&self->parts.clock);
  G_OBJECT_CLASS (muster_ddi_service_parent_class)->finalize (object);
}

static void
muster_ddi_service_class_init (MusterDdiServiceClass *klass)
{
  MusterServiceClass *service_class = MUSTER_SERVICE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = muster_ddi_service_finalize;
  service_class->name = "ddi";
  service_class->start = muster_ddi_service_start;
  service_class->stop = muster_ddi_service_stop;
}

static void
muster_ddi_service_init (MusterDdiService *self)
{
  self->strangers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, stranger_free);
  self->actor = muster_actor_new_system ("ddi");
}

MusterDdiService *
muster_ddi_service_new (const MusterDdiParts *parts)
{
  MusterDdiService *self;

  g_return_val_if_fail (parts != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_DDI_SERVICE, NULL);
  self->parts = (MusterDdiParts){ g_object_ref (parts->updates),  g_object_ref (parts->rollouts),
                                  g_object_ref (parts->registry), g_object_ref (parts->discovery),
                                  g_object_ref (parts->settings), g_object_ref (parts->clock) };
  return self;
}

const MusterDdiParts *
muster_ddi_service_get_parts (MusterDdiService *self)
{
  g_return_val_if_fail (MUSTER_IS_DDI_SERVICE (self), NULL);

  return &self->parts;
}

MusterRepository *
muster_ddi_service_get_repository (MusterDdiService *self)
{
  g_return_val_if_fail (MUSTER_IS_DDI_SERVICE (self), NULL);

  return muster_update_service_get_repository (self->parts.updates);
}

MusterActor *
muster_ddi_service_get_actor (MusterDdiService *self)
{
  g_return_val_if_fail (MUSTER_IS_DDI_SERVICE (self), NULL);

  return self->actor;
}

/* --- targets --- */

char *
muster_ddi_make_token (void)
{
  guint8 bytes[16];
  char   text[2 * sizeof bytes + 1];

  randombytes_buf (bytes, sizeof bytes);
  return g_strdup (sodium_bin2hex (text, sizeof text, bytes, sizeof bytes));
}

/* A device that came to be one of the family: by adoption, or by the Management API. */
static gboolean
make_target (MusterTransaction *transaction,
             MusterEntity      *before,
             MusterEntity      *after,
             gpointer           data,
             GError           **error)
{
  const char *key = after != NULL ? muster_entity_get_string (after, "family_key") : NULL;
  g_autoptr (MusterQuery) query = NULL;
  g_autoptr (MusterEntity) target = NULL;
  g_autofree char *token = NULL;
  gint64           n_targets;

  if (key == NULL || !g_str_has_prefix (key, MUSTER_DDI_KEY_PREFIX) ||
      g_strcmp0 (muster_entity_get_string (after, "family"), MUSTER_DDI_FAMILY) != 0)
    return TRUE;
  query = muster_query_new (&muster_update_target_info);
  muster_query_where (query, "device_id", muster_entity_get_id (after));
  n_targets = muster_transaction_count (transaction, query, error);
  if (n_targets != 0)
    return n_targets > 0;
  target = muster_entity_new (&muster_update_target_info);
  token = muster_ddi_make_token ();
  muster_entity_set_string (target, "device_id", muster_entity_get_id (after));
  muster_entity_set_string (target, "controller_id", key + strlen (MUSTER_DDI_KEY_PREFIX));
  muster_entity_set_string (target, "token", token);
  return muster_transaction_insert (transaction, target, error);
}

void
muster_ddi_rules_add (MusterDatabase *database)
{
  g_return_if_fail (MUSTER_IS_DATABASE (database));

  muster_database_add_rule (database, &muster_device_info, MUSTER_RULE_PLAIN, make_target, NULL);
}

static MusterEntity *
muster_ddi_service_find_first (MusterDdiService *self, MusterQuery *query, GError **error)
{
  g_autoptr (GPtrArray) found = NULL;

  muster_query_set_limit (query, 1);
  found =
    dex_await_boxed (muster_repository_select (muster_ddi_service_get_repository (self), query),
                     error);
  return found != NULL && found->len > 0 ? g_object_ref (found->pdata[0]) : NULL;
}

MusterEntity *
muster_ddi_service_find (MusterDdiService       *self,
                         const MusterEntityInfo *info,
                         const char             *field,
                         const char             *value,
                         GError                **error)
{
  g_autoptr (MusterQuery) query = NULL;

  g_return_val_if_fail (MUSTER_IS_DDI_SERVICE (self), NULL);

  query = muster_query_new (info);
  muster_query_where (query, field, value);
  return muster_ddi_service_find_first (self, query, error);
}

MusterEntity *
muster_ddi_service_find_installed (MusterDdiService *self, const char *device_id, GError **error)
{
  static const char *const kinds[] = { "forced", "soft", "time_forced", NULL };
  g_autoptr (MusterQuery) query = NULL;

  g_return_val_if_fail (MUSTER_IS_DDI_SERVICE (self), NULL);

  query = muster_query_new (&muster_firmware_update_info);
  muster_query_where_any (query, "kind", kinds);
  muster_query_where (query, "device_id", device_id);
  muster_query_where (query, "status", "confirmed");
  muster_query_set_sort (query, "-finished_at");
  return muster_ddi_service_find_first (self, query, error);
}

/* --- polls --- */

static void
muster_ddi_service_forget (MusterDdiService *self, const char *controller_id)
{
  Stranger *stranger = g_hash_table_lookup (self->strangers, controller_id);

  if (stranger == NULL)
    return;
  muster_ddi_service_drop (self, stranger);
  g_hash_table_remove (self->strangers, controller_id);
}

void
muster_ddi_service_note_poll (MusterDdiService *self, MusterEntity *target, const char *address)
{
  const char *device_id = muster_entity_get_string (target, "device_id");

  g_return_if_fail (MUSTER_IS_DDI_SERVICE (self));

  muster_ddi_service_forget (self, muster_entity_get_string (target, "controller_id"));
  muster_device_registry_report_proof (self->parts.registry, device_id, MUSTER_PROOF_HTTP,
                                       muster_clock_get_now (self->parts.clock), address);
}

/* What discovery calls by names of its own, under whatever name a client says it. */
static const char *const facts[][5] = {
  { "name", "name", "hostname", NULL },
  { "serial", "serial", "serial_number", "serialNumber", NULL },
  { "mac", "mac", "hwaddress", "mac_address", NULL },
  { "maker", "manufacturer", "vendor", NULL },
  { "model", "model", "board", "hw", NULL },
  { "version", "version", "sw_version", "firmware_version", NULL },
};

static void
add_facts (MusterTxt *txt, const char *attributes)
{
  g_autoptr (JsonNode) node = attributes != NULL ? json_from_string (attributes, NULL) : NULL;
  JsonObject *object = node != NULL ? json_node_get_object (node) : NULL;

  for (gsize i = 0; object != NULL && i < G_N_ELEMENTS (facts); i++)
    for (gsize j = 1; facts[i][j] != NULL; j++)
      if (json_object_has_member (object, facts[i][j]))
        {
          muster_txt_set (txt, facts[i][0], json_object_get_string_member (object, facts[i][j]));
          break;
        }
}

/* Tells discovery what is known of it now. */
static void
muster_ddi_service_tell (MusterDdiService *self, const char *controller_id, Stranger *stranger)
{
  g_autoptr (MusterTxt) txt = muster_txt_new ();
  g_autofree char *key = g_strconcat (MUSTER_DDI_KEY_PREFIX, controller_id, NULL);
  g_autoptr (MusterMdnsRecord) record = NULL;

  /* What it calls itself may be longer than a text of DNS: it is adopted under its whole name. */
  if (strlen (key) > 250 - strlen ("key"))
    return;
  muster_txt_set (txt, "key", key);
  muster_txt_set (txt, "id", controller_id);
  muster_txt_set (txt, "name", controller_id);
  add_facts (txt, stranger->attributes);
  record = muster_mdns_record_new_told ("_ddi._http", controller_id, stranger->address, txt);
  if (stranger->record != NULL && muster_mdns_record_equal (stranger->record, record))
    return;
  muster_ddi_service_drop (self, stranger);
  g_clear_pointer (&stranger->record, muster_mdns_record_unref);
  stranger->record = g_steal_pointer (&record);
  muster_discovery_service_add_told (self->parts.discovery, stranger->record);
}

void
muster_ddi_service_note_stranger (MusterDdiService *self,
                                  const char       *controller_id,
                                  const char       *address)
{
  Stranger *stranger = NULL;

  g_return_if_fail (MUSTER_IS_DDI_SERVICE (self));

  stranger = g_hash_table_lookup (self->strangers, controller_id);
  if (stranger == NULL && g_hash_table_size (self->strangers) >= MAX_STRANGERS)
    return;
  if (stranger == NULL)
    {
      stranger = g_new0 (Stranger, 1);
      g_hash_table_insert (self->strangers, g_strdup (controller_id), stranger);
    }
  stranger->seen_at = muster_clock_get_now (self->parts.clock);
  g_set_str (&stranger->address, g_strcmp0 (address, "unix") != 0 ? address : NULL);
  muster_ddi_service_tell (self, controller_id, stranger);
}

const char *
muster_ddi_service_get_stranger (MusterDdiService *self, const char *controller_id)
{
  Stranger *stranger = g_hash_table_lookup (self->strangers, controller_id);

  return stranger != NULL ? stranger->attributes : NULL;
}

void
muster_ddi_service_set_stranger (MusterDdiService *self,
                                 const char       *controller_id,
                                 const char       *attributes)
{
  Stranger *stranger = g_hash_table_lookup (self->strangers, controller_id);

  if (stranger == NULL)
    return;
  g_set_str (&stranger->attributes, attributes);
  muster_ddi_service_tell (self, controller_id, stranger);
}

gboolean
muster_ddi_service_tells_early (MusterDdiService *self, MusterEntity *target)
{
  int policy = muster_entity_get_enum (target, "window_policy");

  g_return_val_if_fail (MUSTER_IS_DDI_SERVICE (self), FALSE);

  if (policy == MUSTER_WINDOW_SITE)
    return muster_settings_get_integer (self->parts.settings, MUSTER_SETTING_DDI_WINDOW_POLICY) ==
           1;
  return policy == MUSTER_WINDOW_SKIP;
}
