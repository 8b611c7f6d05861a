/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-attachment-store"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <magic.h>
#include <unistd.h>

#include "core/muster-content-folder.h"
#include "core/muster-private-file.h"
#include "core/muster-promise.h"
#include "model/muster-attachment.h"
#include "model/muster-error.h"
#include "muster-attachment-store.h"
#include "muster-record-kinds.h"
#include "muster-sbom-store.h"

#define DAY_SECONDS (24 * 3600)
/* What libmagic looks at. */
#define HEAD_BYTES (64 * 1024)

/* clang-format off */
const MusterSetting muster_attachment_settings[] = {
  { MUSTER_SETTING_ATTACHMENT_LIMIT, { "attachments_limit", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 64, .default_value = 20, .unit = "MiB", .label = N_("Largest attachment"), .doc = "Files larger than this are not taken." } },
  { MUSTER_SETTING_ATTACHMENT_KEEP_DAYS, { "attachments_keep_days", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 3650, .default_value = 90, .unit = "d", .label = N_("Keep deleted attachments"), .doc = "How long the bytes of a deleted attachment stay, so that undo brings it back." } },
  { NULL },
};
/* clang-format on */

/* What may be kept: nothing that a browser would run. */
static const char *const kept_types[] = {
  "image/png", "image/jpeg", "image/webp", "image/gif",        "application/pdf",
  "text/csv",  "text/plain", "text/x-c",   "application/json", NULL,
};

struct _MusterAttachmentStore
{
  GObject parent_instance;

  MusterDatabase   *database;   /* (owned) */
  MusterRepository *repository; /* (owned) (nullable): once started */
  MusterSettings   *settings;   /* (owned) (nullable): likewise */
  char             *folder;     /* (owned) */
  guint             collect_id;
};

G_DEFINE_FINAL_TYPE (MusterAttachmentStore, muster_attachment_store, G_TYPE_OBJECT)

static MusterAttachmentContent *
content_copy (MusterAttachmentContent *self)
{
  return g_memdup2 (self, sizeof *self);
}

G_DEFINE_BOXED_TYPE (MusterAttachmentContent, muster_attachment_content, content_copy, g_free)

static void
muster_attachment_store_finalize (GObject *object)
{
  MusterAttachmentStore *self = MUSTER_ATTACHMENT_STORE (object);

  g_clear_handle_id (&self->collect_id, g_source_remove);
  g_clear_object (&self->repository);
  g_clear_object (&self->settings);
  g_clear_object (&self->database);
  g_clear_pointer (&self->folder, g_free);
  G_OBJECT_CLASS (muster_attachment_store_parent_class)->finalize (object);
}

static void
muster_attachment_store_class_init (MusterAttachmentStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_attachment_store_finalize;
}

static void
muster_attachment_store_init (MusterAttachmentStore *self)
{
}

/* --- rules --- */

/* From now on the bytes' days count: the time of the file tells when they were needed last. */
static gboolean
touch_rule (MusterTransaction *transaction,
            MusterEntity      *before,
            MusterEntity      *after,
            gpointer           data,
            GError           **error)
{
  MusterEntity *attachment = after != NULL ? after : before;
  const char   *sha256 = muster_entity_get_string (attachment, "sha256");

  if (sha256 != NULL && strlen (sha256) == 64)
    muster_content_folder_touch (data, sha256);
  return TRUE;
}

/* What belongs to a record goes with it, and comes back with it. */
static gboolean
delete_rule (MusterTransaction *transaction,
             MusterEntity      *before,
             MusterEntity      *after,
             gpointer           data,
             GError           **error)
{
  g_autoptr (MusterQuery) query = NULL;
  g_autoptr (GPtrArray) attachments = NULL;

  if (after != NULL)
    return TRUE;
  query = muster_query_new (&muster_attachment_info);
  muster_query_where (query, "entity_id", muster_entity_get_id (before));
  muster_query_set_limit (query, 0);
  attachments = muster_transaction_select (transaction, query, error);
  for (guint i = 0; attachments != NULL && i < attachments->len; i++)
    if (!muster_transaction_delete (transaction, &muster_attachment_info,
                                    muster_entity_get_id (attachments->pdata[i]), 0, error))
      return FALSE;
  return attachments != NULL;
}

MusterAttachmentStore *
muster_attachment_store_new (MusterDatabase *database, const char *folder, GError **error)
{
  MusterAttachmentStore *self = NULL;

  g_return_val_if_fail (MUSTER_IS_DATABASE (database), NULL);
  g_return_val_if_fail (folder != NULL, NULL);

  if (!muster_content_folder_make (folder, error))
    return NULL;
  self = g_object_new (MUSTER_TYPE_ATTACHMENT_STORE, NULL);
  self->database = g_object_ref (database);
  self->folder = g_strdup (folder);
  muster_database_add_rule (database, &muster_attachment_info, MUSTER_RULE_ON_UNDO, touch_rule,
                            self->folder);
  muster_sbom_store_add_rules (database, self->folder);
  for (unsigned i = 0; i < muster_n_record_kinds; i++)
    muster_database_add_rule (database, muster_record_kinds[i].scope.info, MUSTER_RULE_PLAIN,
                              delete_rule, NULL);
  return self;
}

MusterRepository *
muster_attachment_store_get_repository (MusterAttachmentStore *self)
{
  g_return_val_if_fail (MUSTER_IS_ATTACHMENT_STORE (self), NULL);

  return self->repository;
}

gint64
muster_attachment_store_get_limit (MusterAttachmentStore *self)
{
  g_return_val_if_fail (MUSTER_IS_ATTACHMENT_STORE (self), 0);

  return muster_settings_get_integer (self->settings, MUSTER_SETTING_ATTACHMENT_LIMIT) * 1024 *
         1024;
}

/* --- putting in --- */

typedef struct
{
  int                     fd; /* (owned) */
  char                   *folder;
  MusterAttachmentContent content;
} Put;

static void
put_free (gpointer data)
{
  Put *self = data;

  g_clear_fd (&self->fd, NULL);
  g_free (self->folder);
  g_free (self);
}

static gboolean
put_find_type (Put *self, const char *head, gsize length, GError **error)
{
  magic_t     magic = magic_open (MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR);
  const char *type = NULL;

  if (magic != NULL && magic_load (magic, NULL) == 0)
    type = magic_buffer (magic, head, length);
  if (type == NULL)
    muster_set_storage_error (error,
                              "the type of a file cannot be told: libmagic's table is missing",
                              ENOENT);
  else if (!g_strv_contains (kept_types, type))
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNSUPPORTED,
                 "a file of type %s is not kept: PNG, JPEG, WebP and GIF pictures, PDF, plain "
                 "text, CSV and JSON are",
                 type);
  else
    /* Whatever language the text looks like. */
    self->content.media_type =
      g_intern_string (g_str_equal (type, "text/x-c") ? "text/plain" : type);
  if (magic != NULL)
    magic_close (magic);
  return self->content.media_type != NULL;
}

/* Copies all of it to FD; tells its digest on the way. */
static gboolean
put_copy (Put *self, int fd, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *buffer = g_malloc (HEAD_BYTES);
  gssize           length;

  while ((length = pread (self->fd, buffer, HEAD_BYTES, self->content.size)) > 0)
    {
      if (self->content.size == 0 && !put_find_type (self, buffer, length, error))
        return FALSE;
      g_checksum_update (checksum, (const guchar *)buffer, length);
      self->content.size += length;
      if (!muster_write_all (fd, buffer, length))
        {
          length = -1;
          break;
        }
    }
  if (length < 0 || fsync (fd) != 0)
    {
      muster_set_storage_error (error, "the attachment cannot be written", errno);
      return FALSE;
    }
  if (self->content.size == 0)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED, "the file is empty");
      return FALSE;
    }
  g_strlcpy (self->content.sha256, g_checksum_get_string (checksum), sizeof self->content.sha256);
  return TRUE;
}

static DexFuture *
put_fiber (gpointer user_data)
{
  Put             *self = user_data;
  g_autofree char *temporary = NULL;
  g_autoptr (GError) error = NULL;
  g_autofd int fd = muster_content_folder_begin (self->folder, &temporary, &error);

  if (fd >= 0 && put_copy (self, fd, &error) &&
      muster_content_folder_keep (self->folder, temporary, self->content.sha256, &error))
    return dex_future_new_take_boxed (MUSTER_TYPE_ATTACHMENT_CONTENT,
                                      content_copy (&self->content));
  if (fd >= 0)
    g_unlink (temporary);
  return dex_future_new_for_error (g_steal_pointer (&error));
}

DexFuture *
muster_attachment_store_put (MusterAttachmentStore *self, int fd)
{
  Put *put = NULL;

  dex_return_error_if_fail (MUSTER_IS_ATTACHMENT_STORE (self));
  dex_return_error_if_fail (fd >= 0);

  put = g_new0 (Put, 1);
  put->fd = fcntl (fd, F_DUPFD_CLOEXEC, 0);
  put->folder = g_strdup (self->folder);
  return dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, put_fiber, put,
                              put_free);
}

int
muster_attachment_store_open (MusterAttachmentStore *self, const char *sha256, GError **error)
{
  g_return_val_if_fail (MUSTER_IS_ATTACHMENT_STORE (self), -1);

  return muster_content_folder_open (self->folder, sha256, error);
}

/* --- removing what nobody needs --- */

DexFuture *
muster_attachment_store_collect (MusterAttachmentStore *self)
{
  gint64 days;

  dex_return_error_if_fail (MUSTER_IS_ATTACHMENT_STORE (self));

  days = muster_settings_get_integer (self->settings, MUSTER_SETTING_ATTACHMENT_KEEP_DAYS);
  return muster_content_folder_collect (self->folder, self->database, &muster_attachment_info, days,
                                        "attachments", "Remove old attachments");
}

static gboolean
muster_attachment_store_collect_cb (gpointer user_data)
{
  muster_disown_logged (G_LOG_LEVEL_MESSAGE, muster_attachment_store_collect (user_data),
                        "old attachments are not removed");
  return G_SOURCE_CONTINUE;
}

void
muster_attachment_store_start (MusterAttachmentStore *self,
                               MusterRepository      *repository,
                               MusterSettings        *settings)
{
  g_return_if_fail (MUSTER_IS_ATTACHMENT_STORE (self));
  g_return_if_fail (self->repository == NULL);

  self->repository = g_object_ref (repository);
  self->settings = g_object_ref (settings);
  self->collect_id = g_timeout_add_seconds (DAY_SECONDS, muster_attachment_store_collect_cb, self);
  muster_attachment_store_collect_cb (self);
}

/* --- names --- */

char *
muster_attachment_clean_name (const char *name)
{
  g_autofree char *valid = NULL;
  g_autoptr (GString) clean = g_string_new (NULL);
  const char *base;

  g_return_val_if_fail (name != NULL, NULL);

  valid = g_utf8_make_valid (name, -1);
  base = MAX (strrchr (valid, '/'), strrchr (valid, '\\'));
  for (base = base != NULL ? base + 1 : valid; *base != '\0'; base = g_utf8_next_char (base))
    {
      gunichar character = g_utf8_get_char (base);

      if (character < 0x20 || character == 0x7f ||
          (g_unichar_type (character) == G_UNICODE_FORMAT) ||
          (character < 0x80 && strchr ("<>:\"|?*", character) != NULL))
        character = '_';
      if (clean->len < 180 && (clean->len > 0 || (character != '.' && character != ' ')))
        g_string_append_unichar (clean, character);
    }
  g_strchomp (clean->str);
  return g_strdup (*clean->str != '\0' ? clean->str : "file");
}
