/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-label-queue"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "flash/muster-flash-child.h"
#include "model/muster-adoption-code.h"
#include "model/muster-device.h"
#include "muster-label-queue.h"
#include "muster-factory-store.h"
#include "muster-label-zpl.h"

#define SETTING_PRINTER "labels.printer"
#define SETTING_LANGUAGE "labels.language"
#define SETTING_STOCK "labels.stock"
#define SETTING_RESOLUTION "labels.resolution"
#define LANGUAGE_ZPL "zpl"
/* Seconds that a printer may take for a label. */
#define PATIENCE 60
/* Between two tries to go on writing to a device that takes no more now. */
#define PAUSE_MS 50
#define DEVICE_FOLDER "/dev/"
/* Names the program that draws labels, where it is not where it is installed. */
#define PRESS_VARIABLE "MUSTER_LABEL_PRESS"

/* clang-format off */
static const MusterEnumValue languages[] = { { "pdf", N_("PDF") }, { LANGUAGE_ZPL, N_("ZPL") }, { NULL, NULL } };
static const MusterEnum language_enum = { "LabelLanguage", languages };
static const MusterEnumValue stocks[] = { { "roll-62x29", N_("Roll, 62 × 29 mm") }, { "roll-57x32", N_("Roll, 57 × 32 mm") }, { "roll-102x51", N_("Roll, 102 × 51 mm") }, { NULL, NULL } };
static const MusterEnum stock_enum = { "LabelStock", stocks };
static const struct { unsigned width, height; } sizes[] = { { 62, 29 }, { 57, 32 }, { 102, 51 } };

const MusterSetting muster_label_settings[] = {
  { SETTING_PRINTER, { "labels_printer", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 1000, .label = N_("Label printer"), .doc = "A command that reads a label, such as `lp -d labels`, or the device of a printer that speaks ZPL, such as `/dev/usb/lp0`; empty: the site has none." } },
  { SETTING_LANGUAGE, { "labels_language", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &language_enum, .label = N_("Labels are sent as"), .doc = "What the command reads: PDF, which every printer of CUPS takes, or ZPL, which label printers draw by themselves. A device is always sent ZPL." } },
  { SETTING_STOCK, { "labels_stock", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &stock_enum, .label = N_("Labels in the printer"), .doc = "How large they are." } },
  { SETTING_RESOLUTION, { "labels_resolution", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 150, 600, .default_value = 203, .unit = "dpi", .label = N_("Resolution for ZPL"), .doc = "How many dots an inch the label printer has." } },
  { NULL },
};
/* clang-format on */

struct _MusterLabelQueue
{
  GObject           parent_instance;
  MusterRepository *repository; /* (owned) */
  MusterSettings   *settings;   /* (owned) */
  MusterActor      *actor;      /* (owned) */
  GCancellable     *stopping;   /* (owned) */
  gboolean          is_looking;
  gboolean          look_again;
};

G_DEFINE_FINAL_TYPE (MusterLabelQueue, muster_label_queue, G_TYPE_OBJECT)

/* --- what is printed --- */

static void
wipe (char *text)
{
  if (text != NULL)
    sodium_memzero (text, strlen (text));
  g_free (text);
}

static int
get_stock (MusterLabelQueue *self)
{
  return MAX (muster_enum_parse (&stock_enum,
                                 muster_settings_get_string (self->settings, SETTING_STOCK)),
              0);
}

/* What DEVICE's label says: its texts are borrowed but for CODE, which is (transfer full). */
static MusterUnitLabelText
read_text (MusterEntity *device, char **code)
{
  MusterUnitLabelText text = { 0 };

  text.title = muster_entity_get_string (device, "name");
  text.subtitle = muster_entity_get_string (device, "model");
  text.bars = muster_entity_get_string (device, "serial");
  text.secret = muster_entity_get_string (device, "secret");
  if (text.secret != NULL && text.bars != NULL)
    *code = muster_adoption_code_format (text.bars, text.secret, NULL);
  text.matrix = *code;
  return text;
}

static GBytes *
take_secret (char *text)
{
  return g_bytes_new_with_free_func (text, strlen (text), (GDestroyNotify)wipe, text);
}

static GBytes *
format_zpl (MusterLabelQueue *self, const MusterUnitLabelText *text)
{
  int stock = get_stock (self);

  return take_secret (
    muster_label_zpl_format (text, sizes[stock].width, sizes[stock].height,
                             (unsigned)muster_settings_get_integer (self->settings,
                                                                    SETTING_RESOLUTION)));
}

static void
append_member (GString *json, const char *name, const char *text)
{
  if (text == NULL)
    return;
  g_string_append_printf (json, "%c\"%s\":", json->len == 0 ? '{' : ',', name);
  muster_json_append_string (json, text, -1);
}

/* For the program that draws it. */
static GBytes *
format_json (MusterLabelQueue *self, const MusterUnitLabelText *text)
{
  GString *json = g_string_sized_new (1024);

  append_member (json, "format", muster_enum_get_nick (&stock_enum, get_stock (self)));
  append_member (json, "title", text->title);
  append_member (json, "subtitle", text->subtitle);
  append_member (json, "bars", text->bars);
  append_member (json, "matrix", text->matrix);
  append_member (json, "secret", text->secret);
  g_string_append_c (json, '}');
  return take_secret (g_string_free_and_steal (json));
}

/* --- printers --- */

/* In a fiber. A device that has no paper takes no more: it is not waited for without end. */
static gboolean
write_to_device (MusterLabelQueue *self, const char *path, GBytes *label, GError **error)
{
  gsize         size = 0, done = 0;
  const guint8 *data = g_bytes_get_data (label, &size);
  gint64        deadline = g_get_monotonic_time () + PATIENCE * G_TIME_SPAN_SECOND;
  int           fd = open (path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

  while (fd >= 0 && done < size)
    {
      gssize written = write (fd, data + done, size - done);

      if (written > 0)
        done += (gsize)written;
      else if (errno != EAGAIN && errno != EINTR)
        break;
      else if (g_get_monotonic_time () > deadline || g_cancellable_is_cancelled (self->stopping))
        {
          errno = ETIMEDOUT;
          break;
        }
      else
        dex_await (dex_timeout_new_msec (PAUSE_MS), NULL);
    }
  if (fd < 0 || done < size)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE, "%s does not print: %s", path,
                 g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return fd >= 0 && done == size;
}

/* In a fiber. As PDF it goes through the program that draws it, which becomes the command then. */
static gboolean
send_to_command (MusterLabelQueue          *self,
                 const char                *line,
                 const MusterUnitLabelText *text,
                 gboolean                   as_zpl,
                 GError                   **error)
{
  const char *press = g_getenv (PRESS_VARIABLE);
  g_auto (GStrv) words = NULL;
  g_autoptr (GStrvBuilder) command = g_strv_builder_new ();
  g_auto (GStrv) argv = NULL;
  g_autoptr (GBytes) input = as_zpl ? format_zpl (self, text) : format_json (self, text);
  g_autoptr (GError) cause = NULL;
  MusterFlashChild child = { .timeout = PATIENCE, .input = input };

  if (!g_shell_parse_argv (line, NULL, &words, &cause))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID,
                   "the setting " SETTING_PRINTER " is no command: %s", cause->message);
      return FALSE;
    }
  if (!as_zpl)
    g_strv_builder_add (command, press != NULL ? press : MUSTER_LIBEXECDIR "/muster-label-press");
  g_strv_builder_addv (command, (const char **)words);
  argv = g_strv_builder_end (command);
  child.command = (const char *const *)argv;
  return muster_flash_child_run (&child, self->stopping, error);
}

static gboolean
print_device (MusterLabelQueue *self, MusterEntity *device, GError **error)
{
  const char         *printer = muster_settings_get_string (self->settings, SETTING_PRINTER);
  const char         *language = muster_settings_get_string (self->settings, SETTING_LANGUAGE);
  char               *code = NULL;
  MusterUnitLabelText text = read_text (device, &code);
  gboolean            good = FALSE;

  if (printer == NULL || *printer == '\0')
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                         "the site has no label printer: set " SETTING_PRINTER);
  else if (g_str_has_prefix (printer, DEVICE_FOLDER))
    {
      g_autoptr (GBytes) label = format_zpl (self, &text);

      good = write_to_device (self, printer, label, error);
    }
  else
    good = send_to_command (self, printer, &text, g_strcmp0 (language, LANGUAGE_ZPL) == 0, error);
  wipe (code);
  return good;
}

/* --- one after the other --- */

static void
note (MusterLabelQueue *self, MusterEntity *unit, GError *cause)
{
  MusterFactoryCall *call =
    muster_factory_call_new (&muster_factory_unit_info, muster_entity_get_id (unit));
  g_autoptr (GError) error = NULL;

  call->label = cause == NULL ? MUSTER_UNIT_LABEL_PRINTED : MUSTER_UNIT_LABEL_FAILED;
  call->error = cause != NULL ? g_utf8_truncate_middle (cause->message, 500) : NULL;
  if (!dex_await (muster_database_write (muster_repository_get_database (self->repository),
                                         self->actor, "Print a label",
                                         muster_factory_store_set_label, call,
                                         muster_factory_call_free),
                  &error))
    g_warning ("could not note what became of a label: %s", error->message);
}

/* FALSE: the daemon ends. */
static gboolean
print_unit (MusterLabelQueue *self, MusterEntity *unit)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) device =
      dex_await_object (muster_repository_get (self->repository, &muster_device_info,
                                               muster_entity_get_string (unit, "device_id")),
                        &error);

  if (device != NULL)
    print_device (self, device, &error);
  if (g_cancellable_is_cancelled (self->stopping))
    return FALSE;
  note (self, unit, error);
  return TRUE;
}

static DexFuture *
look_fiber (gpointer user_data)
{
  MusterLabelQueue *self = user_data;
  gboolean          goes_on = TRUE;

  do
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) units = NULL;

      self->look_again = FALSE;
      units =
        dex_await_boxed (muster_database_read (muster_repository_get_database (self->repository),
                                               muster_factory_store_list_labels, NULL, NULL),
                         &error);
      if (units == NULL)
        g_warning ("could not look for labels that wait: %s", error->message);
      for (guint i = 0; goes_on && units != NULL && i < units->len; i++)
        goes_on = print_unit (self, units->pdata[i]);
    }
  while (goes_on && self->look_again);
  self->is_looking = FALSE;
  return dex_future_new_true ();
}

void
muster_label_queue_look (MusterLabelQueue *self)
{
  g_return_if_fail (MUSTER_IS_LABEL_QUEUE (self));

  self->look_again = TRUE;
  if (self->is_looking || g_cancellable_is_cancelled (self->stopping))
    return;
  self->is_looking = TRUE;
  dex_future_disown (
    dex_scheduler_spawn (NULL, 0, look_fiber, g_object_ref (self), g_object_unref));
}

void
muster_label_queue_stop (MusterLabelQueue *self)
{
  g_return_if_fail (MUSTER_IS_LABEL_QUEUE (self));

  g_cancellable_cancel (self->stopping);
}

static void
muster_label_queue_finalize (GObject *object)
{
  MusterLabelQueue *self = MUSTER_LABEL_QUEUE (object);

  g_clear_object (&self->repository);
  g_clear_object (&self->settings);
  g_clear_object (&self->stopping);
  g_clear_pointer (&self->actor, muster_actor_unref);
  G_OBJECT_CLASS (muster_label_queue_parent_class)->finalize (object);
}

static void
muster_label_queue_class_init (MusterLabelQueueClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_label_queue_finalize;
}

static void
muster_label_queue_init (MusterLabelQueue *self)
{
  self->stopping = g_cancellable_new ();
}

MusterLabelQueue *
muster_label_queue_new (MusterRepository *repository, MusterSettings *settings, MusterActor *actor)
{
  MusterLabelQueue *self = NULL;

  g_return_val_if_fail (MUSTER_IS_REPOSITORY (repository), NULL);
  g_return_val_if_fail (MUSTER_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (actor != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_LABEL_QUEUE, NULL);
  self->repository = g_object_ref (repository);
  self->settings = g_object_ref (settings);
  self->actor = muster_actor_ref (actor);
  return self;
}
