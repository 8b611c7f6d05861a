/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-channel-config"

#include "config.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "muster-channel-config.h"
#include "widgets/muster-duration-row.h"
#include "widgets/muster-reference-row.h"

typedef enum
{
  SETTING_TEXT,
  SETTING_INTEGER,
  SETTING_SECONDS,
  SETTING_LIST,   /* texts, written with commas between them */
  SETTING_VALUE,  /* a truth value, a number, or text */
  SETTING_CHOICE, /* one of `choices` */
  SETTING_DEVICE,
} SettingType;

typedef struct
{
  const char *nick, *label;
} Choice;

static const Choice securities[] = {
  { "starttls", N_ ("STARTTLS") },
  { "tls", N_ ("TLS") },
  { "none", N_ ("None: everybody on the way can read it") },
  { NULL, NULL },
};

static const Choice ways[] = {
  { "modem", N_ ("Modem of this machine") },
  { "http", N_ ("Gateway in the network") },
  { NULL, NULL },
};

static const struct
{
  MusterChannelKind kind;
  const char       *member;
  const char       *label;
  SettingType       type;
  gboolean          wanted;
  const Choice     *choices;
} settings[] = {
  { MUSTER_CHANNEL_EMAIL, "host", N_ ("Mail server"), SETTING_TEXT, TRUE },
  { MUSTER_CHANNEL_EMAIL, "port", N_ ("Port"), SETTING_INTEGER },
  { MUSTER_CHANNEL_EMAIL, "security", N_ ("Security"), SETTING_CHOICE, FALSE, securities },
  { MUSTER_CHANNEL_EMAIL, "user", N_ ("User name"), SETTING_TEXT },
  { MUSTER_CHANNEL_EMAIL, "from", N_ ("Sender"), SETTING_TEXT, TRUE },
  { MUSTER_CHANNEL_EMAIL, "to", N_ ("Recipients, with commas between them"), SETTING_LIST },
  { MUSTER_CHANNEL_EMAIL, "ca_file", N_ ("File with the authority to trust"), SETTING_TEXT },
  { MUSTER_CHANNEL_WEBHOOK, "url", N_ ("Address"), SETTING_TEXT, TRUE },
  { MUSTER_CHANNEL_WEBHOOK, "ca_file", N_ ("File with the authority to trust"), SETTING_TEXT },
  { MUSTER_CHANNEL_NTFY, "url", N_ ("Server"), SETTING_TEXT, TRUE },
  { MUSTER_CHANNEL_NTFY, "topic", N_ ("Topic"), SETTING_TEXT, TRUE },
  { MUSTER_CHANNEL_NTFY, "link", N_ ("Opens when it is tapped"), SETTING_TEXT },
  { MUSTER_CHANNEL_NTFY, "ca_file", N_ ("File with the authority to trust"), SETTING_TEXT },
  { MUSTER_CHANNEL_SIREN, "device_id", N_ ("Device"), SETTING_DEVICE, TRUE },
  { MUSTER_CHANNEL_SIREN, "metric", N_ ("Metric"), SETTING_TEXT, TRUE },
  { MUSTER_CHANNEL_SIREN, "value", N_ ("Value that switches it on"), SETTING_VALUE, TRUE },
  { MUSTER_CHANNEL_SIREN, "off_value", N_ ("Value that switches it off"), SETTING_VALUE },
  { MUSTER_CHANNEL_SIREN, "seconds", N_ ("For"), SETTING_SECONDS },
  { MUSTER_CHANNEL_SMS, "via", N_ ("By"), SETTING_CHOICE, FALSE, ways },
  { MUSTER_CHANNEL_SMS, "url", N_ ("Address of the gateway"), SETTING_TEXT },
  { MUSTER_CHANNEL_SMS, "number", N_ ("Telephone number"), SETTING_TEXT, TRUE },
  { MUSTER_CHANNEL_SMS, "ca_file", N_ ("File with the authority to trust"), SETTING_TEXT },
};

struct _MusterChannelConfig
{
  AdwPreferencesGroup parent_instance;

  int         kind;
  JsonObject *config;                        /* (owned) as it was read */
  GtkWidget  *rows[G_N_ELEMENTS (settings)]; /* borrowed from the group */
};

G_DEFINE_FINAL_TYPE (MusterChannelConfig, muster_channel_config, ADW_TYPE_PREFERENCES_GROUP)

/* --- rows --- */

static GtkWidget *
create_choice (const Choice *choices)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  GtkWidget *row = adw_combo_row_new ();

  for (; choices->nick != NULL; choices++)
    gtk_string_list_append (labels, _ (choices->label));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (labels));
  return row;
}

static GtkWidget *
create_row (MusterSession *session, unsigned index)
{
  GtkWidget *row;

  switch (settings[index].type)
    {
    case SETTING_CHOICE:
      row = create_choice (settings[index].choices);
      break;
    case SETTING_DEVICE:
      return muster_reference_row_new (session, "device", _ (settings[index].label), FALSE);
    case SETTING_SECONDS:
      return muster_duration_row_new (_ (settings[index].label));
    case SETTING_TEXT:
    case SETTING_INTEGER:
    case SETTING_LIST:
    case SETTING_VALUE:
    default:
      row = adw_entry_row_new ();
      adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
    }
  g_object_set (row, "use-markup", FALSE, "title", _ (settings[index].label), NULL);
  return row;
}

/* --- from JSON --- */

static char *
join (JsonArray *array)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (unsigned i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "",
                                json_node_get_string (node));
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

/* The member as it stands in an entry: (transfer full). */
static char *
format (JsonNode *node)
{
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return g_strdup ("");
  if (JSON_NODE_HOLDS_ARRAY (node))
    return join (json_node_get_array (node));
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));
  return muster_api_json_to_string (node, FALSE);
}

static void
show_choice (GtkWidget *row, const Choice *choices, const char *nick)
{
  for (unsigned i = 0; choices[i].nick != NULL; i++)
    if (g_strcmp0 (choices[i].nick, nick) == 0)
      adw_combo_row_set_selected (ADW_COMBO_ROW (row), i);
}

static void
show_setting (MusterChannelConfig *self, unsigned index)
{
  GtkWidget       *row = self->rows[index];
  g_autofree char *text = format (json_object_get_member (self->config, settings[index].member));

  switch (settings[index].type)
    {
    case SETTING_CHOICE:
      show_choice (row, settings[index].choices, text);
      break;
    case SETTING_DEVICE:
      muster_reference_row_set_id (MUSTER_REFERENCE_ROW (row), *text != '\0' ? text : NULL);
      break;
    case SETTING_SECONDS:
      muster_duration_row_set_text (MUSTER_DURATION_ROW (row), text);
      break;
    case SETTING_TEXT:
    case SETTING_INTEGER:
    case SETTING_LIST:
    case SETTING_VALUE:
    default:
      gtk_editable_set_text (GTK_EDITABLE (row), text);
    }
}

void
muster_channel_config_set_json (MusterChannelConfig *self, const char *text)
{
  g_autoptr (JsonNode) root = text != NULL ? json_from_string (text, NULL) : NULL;

  g_return_if_fail (MUSTER_IS_CHANNEL_CONFIG (self));

  json_object_unref (self->config);
  self->config = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_dup_object (root)
                                                               : json_object_new ();
  for (unsigned i = 0; i < G_N_ELEMENTS (settings); i++)
    if ((int)settings[i].kind == self->kind)
      show_setting (self, i);
}

/* --- to JSON --- */

static char *
dup_text (MusterChannelConfig *self, unsigned index)
{
  GtkWidget *row = self->rows[index];

  switch (settings[index].type)
    {
    case SETTING_CHOICE:
      return g_strdup (
        settings[index].choices[adw_combo_row_get_selected (ADW_COMBO_ROW (row))].nick);
    case SETTING_DEVICE:
      return g_strdup (muster_reference_row_get_id (MUSTER_REFERENCE_ROW (row)));
    case SETTING_SECONDS:
      return muster_duration_row_dup_text (MUSTER_DURATION_ROW (row));
    case SETTING_TEXT:
    case SETTING_INTEGER:
    case SETTING_LIST:
    case SETTING_VALUE:
    default:
      return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
    }
}

static JsonNode *
split (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);
  g_autoptr (JsonArray) array = json_array_new ();

  for (unsigned i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0')
      json_array_add_string_element (array, parts[i]);
  return json_node_init_array (json_node_alloc (), array);
}

/* What is no number is sent as it was written, so that the daemon says what is wrong with it. */
static JsonNode *
parse_number (const char *text)
{
  char  *end = NULL;
  gint64 number = g_ascii_strtoll (text, &end, 10);

  return *end == '\0' ? json_node_init_int (json_node_alloc (), number)
                      : json_node_init_string (json_node_alloc (), text);
}

/* A truth value or a number as that, all else as text. */
static JsonNode *
parse_value (const char *text)
{
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node))
    return g_steal_pointer (&node);
  return json_node_init_string (json_node_alloc (), text);
}

static JsonNode *
parse (SettingType type, const char *text)
{
  switch (type)
    {
    case SETTING_LIST:
      return split (text);
    case SETTING_INTEGER:
    case SETTING_SECONDS:
      return parse_number (text);
    case SETTING_VALUE:
      return parse_value (text);
    case SETTING_TEXT:
    case SETTING_CHOICE:
    case SETTING_DEVICE:
    default:
      return json_node_init_string (json_node_alloc (), text);
    }
}

char *
muster_channel_config_dup_json (MusterChannelConfig *self)
{
  g_autoptr (JsonNode) root = NULL;
  JsonObject *config;

  g_return_val_if_fail (MUSTER_IS_CHANNEL_CONFIG (self), NULL);

  root = json_node_init_object (json_node_alloc (), self->config);
  config = json_node_get_object (root);
  for (unsigned i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      g_autofree char *text = NULL;

      if ((int)settings[i].kind != self->kind)
        continue;
      text = dup_text (self, i);
      if (text != NULL && *text != '\0')
        json_object_set_member (config, settings[i].member, parse (settings[i].type, text));
      else if (json_object_has_member (config, settings[i].member))
        json_object_remove_member (config, settings[i].member);
    }
  return json_object_get_size (config) > 0 ? json_to_string (root, FALSE) : NULL;
}

char *
muster_channel_config_check (MusterChannelConfig *self)
{
  g_return_val_if_fail (MUSTER_IS_CHANNEL_CONFIG (self), NULL);

  for (unsigned i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      g_autofree char *text = NULL;

      if ((int)settings[i].kind != self->kind || !settings[i].wanted)
        continue;
      text = dup_text (self, i);
      if (text == NULL || *text == '\0')
        /* Translators: the label of a field that has to be filled in. */
        return g_strdup_printf (_ ("“%s” is missing"), _ (settings[i].label));
    }
  return NULL;
}

void
muster_channel_config_set_kind (MusterChannelConfig *self, int kind)
{
  gboolean any = FALSE;

  g_return_if_fail (MUSTER_IS_CHANNEL_CONFIG (self));

  self->kind = kind;
  for (unsigned i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      gboolean of_kind = (int)settings[i].kind == kind;

      gtk_widget_set_visible (self->rows[i], of_kind);
      any |= of_kind;
    }
  gtk_widget_set_visible (GTK_WIDGET (self), any);
}

const char *
muster_channel_kind_get_secret_label (int kind)
{
  switch (kind)
    {
    case MUSTER_CHANNEL_EMAIL:
      return _ ("Password at the mail server");
    case MUSTER_CHANNEL_WEBHOOK:
      return _ ("Key that signs each message");
    case MUSTER_CHANNEL_NTFY:
      return _ ("Token of the server");
    case MUSTER_CHANNEL_SMS:
      return _ ("Token of the gateway");
    default:
      return NULL;
    }
}

/* --- life --- */

static void
muster_channel_config_finalize (GObject *object)
{
  json_object_unref (MUSTER_CHANNEL_CONFIG (object)->config);
  G_OBJECT_CLASS (muster_channel_config_parent_class)->finalize (object);
}

static void
muster_channel_config_class_init (MusterChannelConfigClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_channel_config_finalize;
}

static void
muster_channel_config_init (MusterChannelConfig *self)
{
  self->config = json_object_new ();
}

GtkWidget *
muster_channel_config_new (MusterSession *session)
{
  MusterChannelConfig *self = g_object_new (MUSTER_TYPE_CHANNEL_CONFIG, NULL);

  for (unsigned i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      self->rows[i] = create_row (session, i);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), self->rows[i]);
    }
  muster_channel_config_set_kind (self, 0);
  return GTK_WIDGET (self);
}
