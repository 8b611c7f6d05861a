/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-scan-queue"

#include "config.h"

#include <string.h>

#include "client/muster-api-json.h"
#include "model/muster-time.h"
#include "model/muster-uuid.h"
#include "muster-scan-queue.h"

struct _MusterScanQueue
{
  GObject parent_instance;

  GFile     *file;  /* (owned) (nullable) */
  GPtrArray *scans; /* (owned) (element-type JsonObject) the oldest first */
  guint      reading : 1;
  guint      writing : 1;
  guint      dirty : 1; /* changed since the write that is under way began */
};

G_DEFINE_FINAL_TYPE (MusterScanQueue, muster_scan_queue, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

/* --- the file --- */

static void save (MusterScanQueue *self);

static void
muster_scan_queue_saved_cb (GObject *file, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MusterScanQueue) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (file), result, NULL, &error))
    g_warning ("could not keep the scans: %s", error->message);
  self->writing = FALSE;
  if (self->dirty)
    save (self);
}

/* One write at a time; what changes meanwhile is in the next. A file without scans is taken away.
 */
static void
save (MusterScanQueue *self)
{
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gsize length;

  if (self->file == NULL)
    return;
  self->dirty = TRUE;
  if (self->writing || self->reading)
    return;
  self->dirty = FALSE;
  text = muster_scan_queue_to_text (self);
  length = strlen (text);
  bytes = g_bytes_new_take (g_steal_pointer (&text), length);
  self->writing = TRUE;
  g_file_replace_contents_bytes_async (self->file, bytes, NULL, FALSE,
                                       G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION,
                                       NULL, muster_scan_queue_saved_cb, g_object_ref (self));
}

static void
muster_scan_queue_read_cb (GObject *file, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MusterScanQueue) self = user_data;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  self->reading = FALSE;
  if (g_file_load_contents_finish (G_FILE (file), result, &text, NULL, NULL, &error))
    muster_scan_queue_take_text (self, text);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_warning ("could not read the scans that were kept: %s", error->message);
  if (self->dirty)
    save (self);
  if (self->scans->len > 0)
    g_signal_emit (self, signals[CHANGED], 0);
}

GFile *
muster_scan_queue_get_file (const char *stocktake_id)
{
  g_autofree char *name = g_strconcat (stocktake_id, ".jsonl", NULL);
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "muster", "counts", NULL);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    g_warning ("could not make %s", folder);
  return g_file_new_build_filename (folder, name, NULL);
}

char *
muster_scan_queue_to_text (MusterScanQueue *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (MUSTER_IS_SCAN_QUEUE (self), NULL);

  for (unsigned i = 0; i < self->scans->len; i++)
    {
      g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
      g_autofree char *line = NULL;

      json_node_set_object (node, self->scans->pdata[i]);
      line = json_to_string (node, FALSE);
      g_string_append_printf (text, "%s\n", line);
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

/* A scan without id would count again each time it is sent. */
static JsonObject *
read_line (const char *line)
{
  g_autoptr (JsonNode) node = *line != '\0' ? json_from_string (line, NULL) : NULL;
  JsonObject *scan = node != NULL ? muster_api_json_as_object (node) : NULL;
  const char *id = scan != NULL ? muster_api_json_get_string (scan, "id") : NULL;

  if (id == NULL || !muster_uuid_is_valid (id) || muster_api_json_get_string (scan, "code") == NULL)
    return NULL;
  return json_object_ref (scan);
}

void
muster_scan_queue_take_text (MusterScanQueue *self, const char *text)
{
  g_auto (GStrv) lines = NULL;
  unsigned count = 0;

  g_return_if_fail (MUSTER_IS_SCAN_QUEUE (self));

  lines = g_strsplit (text, "\n", -1);
  for (unsigned i = 0; lines[i] != NULL; i++)
    {
      JsonObject *scan = read_line (lines[i]);

      if (scan != NULL)
        g_ptr_array_insert (self->scans, count++, scan);
    }
}

/* --- the queue --- */

const char *
muster_scan_queue_add (MusterScanQueue *self,
                       const char      *code,
                       gint64           quantity,
                       const char      *location_id)
{
  JsonObject      *scan = NULL;
  gint64           now = g_get_real_time ();
  g_autofree char *id = muster_uuid_new (now);
  char             time[MUSTER_TIME_TEXT_LENGTH + 1];

  g_return_val_if_fail (MUSTER_IS_SCAN_QUEUE (self), NULL);
  g_return_val_if_fail (code != NULL, NULL);

  scan = json_object_new ();
  muster_time_format (now, time);
  json_object_set_string_member (scan, "id", id);
  json_object_set_string_member (scan, "code", code);
  json_object_set_int_member (scan, "quantity", quantity);
  if (location_id != NULL)
    json_object_set_string_member (scan, "location_id", location_id);
  json_object_set_string_member (scan, "scanned_at", time);
  g_ptr_array_add (self->scans, scan);
  save (self);
  g_signal_emit (self, signals[CHANGED], 0);
  return json_object_get_string_member (scan, "id");
}

unsigned
muster_scan_queue_get_length (MusterScanQueue *self)
{
  g_return_val_if_fail (MUSTER_IS_SCAN_QUEUE (self), 0);

  return self->scans->len;
}

JsonArray *
muster_scan_queue_peek (MusterScanQueue *self, unsigned limit)
{
  JsonArray *array = json_array_new ();

  g_return_val_if_fail (MUSTER_IS_SCAN_QUEUE (self), array);

  for (unsigned i = 0; i < MIN (limit, self->scans->len); i++)
    json_array_add_object_element (array, json_object_ref (self->scans->pdata[i]));
  return array;
}

void
muster_scan_queue_drop (MusterScanQueue *self, unsigned length)
{
  g_return_if_fail (MUSTER_IS_SCAN_QUEUE (self));
  g_return_if_fail (length <= self->scans->len);

  if (length == 0)
    return;
  g_ptr_array_remove_range (self->scans, 0, length);
  save (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* --- life --- */

static void
muster_scan_queue_finalize (GObject *object)
{
  MusterScanQueue *self = MUSTER_SCAN_QUEUE (object);

  g_clear_object (&self->file);
  g_ptr_array_unref (self->scans);
  G_OBJECT_CLASS (muster_scan_queue_parent_class)->finalize (object);
}

static void
muster_scan_queue_class_init (MusterScanQueueClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_scan_queue_finalize;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_SCAN_QUEUE, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_scan_queue_init (MusterScanQueue *self)
{
  self->scans = g_ptr_array_new_with_free_func ((GDestroyNotify)json_object_unref);
}

MusterScanQueue *
muster_scan_queue_new (GFile *file)
{
  MusterScanQueue *self = g_object_new (MUSTER_TYPE_SCAN_QUEUE, NULL);

  if (file == NULL)
    return self;
  self->file = g_object_ref (file);
  self->reading = TRUE;
  g_file_load_contents_async (file, NULL, muster_scan_queue_read_cb, g_object_ref (self));
  return self;
}
