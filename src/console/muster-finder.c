/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-finder"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-search.h"
#include "muster-finder.h"
#include "muster-kind.h"
#include "muster-recent.h"
#include "muster-room.h"
#include "scanning/muster-scan.h"
#include "settings/muster-settings-section.h"

#define HITS_A_KIND 8
#define KEY_GROUP "muster-group"
#define KEY_KIND "muster-kind"
#define KEY_TARGET "muster-target"
#define KIND_ROOM "room"
#define KIND_ACTION "action"

struct _MusterFinder
{
  AdwDialog parent_instance;

  MusterSession *session;   /* (owned) */
  DexFuture     *searching; /* (owned) (nullable) */
  char          *asked;     /* (owned) (nullable): the text that is searched for or was last */
  gboolean       opens;     /* Enter was pressed before its results were there */

  /* Template children */
  GtkSearchEntry *entry;
  GtkListBox     *results;
  GtkStack       *stack;
  AdwStatusPage  *trouble;
};

G_DEFINE_FINAL_TYPE (MusterFinder, muster_finder, ADW_TYPE_DIALOG)

/* --- what is shown --- */

/* KIND and TARGET: what opens; GROUP: the heading that it stands under. */
static GtkWidget *
add_result (MusterFinder *self,
            const char   *group,
            const char   *kind,
            const char   *target,
            const char   *title,
            const char   *subtitle,
            const char   *icon_name)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title,
                                 "subtitle", subtitle != NULL ? subtitle : "", "activatable", TRUE,
                                 "title-lines", 1, "subtitle-lines", 1, NULL);

  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name (icon_name));
  g_object_set_data_full (G_OBJECT (row), KEY_GROUP, g_strdup (group), g_free);
  g_object_set_data_full (G_OBJECT (row), KEY_KIND, g_strdup (kind), g_free);
  g_object_set_data_full (G_OBJECT (row), KEY_TARGET, g_strdup (target), g_free);
  gtk_list_box_append (self->results, row);
  return row;
}

static void
muster_finder_header_cb (GtkListBoxRow *row, GtkListBoxRow *above, gpointer user_data)
{
  const char *group = g_object_get_data (G_OBJECT (row), KEY_GROUP);
  const char *before = above != NULL ? g_object_get_data (G_OBJECT (above), KEY_GROUP) : NULL;
  GtkWidget  *label;

  if (g_strcmp0 (group, before) == 0)
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }
  label = gtk_label_new (group);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption-heading");
  gtk_widget_add_css_class (label, "result-heading");
  gtk_list_box_row_set_header (row, label);
}

static void
add_rooms (MusterFinder *self, const char *text)
{
  unsigned          n_rooms;
  const MusterRoom *rooms = muster_rooms_list (&n_rooms);
  g_autofree char  *needle = g_utf8_casefold (text, -1);

  for (unsigned i = 0; i < n_rooms; i++)
    {
      g_autofree char *title = g_utf8_casefold (_ (rooms[i].title), -1);

      if (strstr (title, needle) != NULL && muster_room_is_there (&rooms[i], self->session))
        add_result (self, _ ("Rooms"), KIND_ROOM, rooms[i].name, _ (rooms[i].title), NULL,
                    rooms[i].icon_name);
    }
}

/* Whether TEXT, or a text of WORDS, has NEEDLE (folded) in it. */
static gboolean
is_meant (const char *needle, const char *text, const char *words)
{
  g_autofree char *all = g_strconcat (text, " ", words, NULL);
  g_autofree char *folded = g_utf8_casefold (all, -1);

  return strstr (folded, needle) != NULL;
}

static void
add_sections (MusterFinder *self, const char *text)
{
  unsigned                     n_sections;
  const MusterSettingsSection *sections = muster_settings_sections_list (&n_sections);
  g_autofree char             *needle = g_utf8_casefold (text, -1);

  for (unsigned i = 0; i < n_sections; i++)
    {
      g_autofree char *words =
        g_strconcat (_ (sections[i].about), " ", _ (sections[i].words), NULL);

      if (is_meant (needle, _ (sections[i].title), words) &&
          muster_settings_section_is_there (&sections[i], self->session))
        add_result (self, _ ("Settings"), MUSTER_SETTINGS_SECTION_KIND, sections[i].name,
                    _ (sections[i].title), _ (sections[i].about), sections[i].icon_name);
    }
}

/* What the window can do that is no room: by its name, and by other words for it. */
static void
add_actions (MusterFinder *self, const char *text)
{
  static const struct
  {
    const char *action, *title, *words, *icon_name;
  } actions[] = {
    { "win.time-machine", N_ ("Time Machine"), N_ ("past as of history how it was"),
      "document-open-recent-symbolic" },
  };
  g_autofree char *needle = g_utf8_casefold (text, -1);

  for (unsigned i = 0; i < G_N_ELEMENTS (actions) && *needle != '\0'; i++)
    if (is_meant (needle, _ (actions[i].title), _ (actions[i].words)))
      add_result (self, _ ("Actions"), KIND_ACTION, actions[i].action, _ (actions[i].title), NULL,
                  actions[i].icon_name);
}

static void
add_recent (MusterFinder *self)
{
  g_autoptr (GPtrArray) recent = muster_recent_list (muster_session_get_settings (self->session));

  for (unsigned i = 0; i < recent->len; i++)
    {
      const MusterRecent *one = recent->pdata[i];
      const MusterKind   *kind = muster_kind_find (one->kind);

      if (kind != NULL && muster_rooms_find_kind (one->kind) != NULL)
        add_result (self, _ ("Recent"), one->kind, one->id, one->title, _ (kind->title),
                    kind->icon_name);
    }
}

/* Where it was found, unless that is to be seen already. */
static char *
describe (MusterApiHit *hit, const MusterKind *kind)
{
  const char      *subtitle = muster_api_hit_get_subtitle (hit);
  const char      *value = muster_api_hit_get_value (hit);
  g_autofree char *found = NULL;

  if (value != NULL && strstr (muster_api_hit_get_title (hit), value) == NULL &&
      (subtitle == NULL || strstr (subtitle, value) == NULL))
    found =
      g_strdup_printf ("%s: %s", muster_kind_get_field_label (kind, muster_api_hit_get_field (hit)),
                       value);
  if (subtitle != NULL && found != NULL)
    return g_strdup_printf ("%s · %s", subtitle, found);
  return g_strdup (subtitle != NULL ? subtitle : found);
}

/* What the state of a record of KIND with this NICK is called (nullable). */
static const char *
describe_status (const MusterKind *kind, const char *nick)
{
  int index = kind->info->machine_field != NULL
                ? muster_entity_info_find (kind->info, kind->info->machine_field)
                : -1;
  int value = index >= 0 && nick != NULL
                ? muster_enum_parse (kind->info->fields[index].enumeration, nick)
                : -1;

  return value >= 0 ? _ (muster_enum_get_label (kind->info->fields[index].enumeration, value))
                    : NULL;
}

static void
add_hit (MusterFinder *self, MusterApiHit *hit)
{
  const MusterKind *kind = muster_kind_find (muster_api_hit_get_kind (hit));
  const char       *status;
  g_autofree char  *subtitle = NULL, *group = NULL;
  GtkWidget        *row, *label;

  if (kind == NULL || muster_rooms_find_kind (muster_api_hit_get_kind (hit)) == NULL)
    return;
  subtitle = describe (hit, kind);
  /* Translators: a kind of record of which more were found than are shown. */
  group = muster_api_hit_has_more (hit)
            ? g_strdup_printf (_ ("%s: the best of them"), _ (kind->plural))
            : g_strdup (_ (kind->plural));
  row = add_result (self, group, muster_api_hit_get_kind (hit), muster_api_hit_get_id (hit),
                    muster_api_hit_get_title (hit), subtitle, kind->icon_name);
  status = describe_status (kind, muster_api_hit_get_status (hit));
  if (status == NULL)
    return;
  label = gtk_label_new (status);
  gtk_widget_add_css_class (label, "dim-label");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
}

static void
select_row (MusterFinder *self, GtkListBoxRow *row)
{
  graphene_rect_t bounds;

  if (row == NULL)
    return;
  gtk_list_box_select_row (self->results, row);
  /* The focus stays where one types; the list follows by itself. */
  if (gtk_widget_compute_bounds (GTK_WIDGET (row), GTK_WIDGET (self->results), &bounds))
    gtk_adjustment_clamp_page (gtk_list_box_get_adjustment (self->results), bounds.origin.y,
                               bounds.origin.y + bounds.size.height);
}

static void
show_results (MusterFinder *self)
{
  GtkListBoxRow *first = gtk_list_box_get_row_at_index (self->results, 0);

  select_row (self, first);
  gtk_stack_set_visible_child_name (self->stack, first != NULL ? "results" : "nothing");
}

/* --- opening --- */

static void
muster_finder_activated_cb (MusterFinder *self, GtkListBoxRow *row)
{
  g_autofree char *kind = g_strdup (g_object_get_data (G_OBJECT (row), KEY_KIND));
  g_autofree char *target = g_strdup (g_object_get_data (G_OBJECT (row), KEY_TARGET));
  GtkWidget       *window = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));

  if (muster_kind_find (kind) != NULL)
    muster_recent_note (muster_session_get_settings (self->session), kind, target,
                        adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));
  adw_dialog_close (ADW_DIALOG (self));
  if (g_strcmp0 (kind, KIND_ROOM) == 0)
    gtk_widget_activate_action (window, "win.room", "s", target);
  else if (g_strcmp0 (kind, KIND_ACTION) == 0)
    gtk_widget_activate_action (window, target, NULL);
  else
    gtk_widget_activate_action (window, "win.open", "(ss)", kind, target);
}

static void
open_selected (MusterFinder *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->results);

  self->opens = FALSE;
  if (row != NULL)
    muster_finder_activated_cb (self, row);
}

/* --- searching --- */

static DexFuture *
muster_finder_found_cb (DexFuture *future, gpointer user_data)
{
  MusterFinder *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  GListModel   *hits = value != NULL ? g_value_get_object (value) : NULL;

  gtk_list_box_remove_all (self->results);
  add_rooms (self, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  add_actions (self, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  for (unsigned i = 0; hits != NULL && i < g_list_model_get_n_items (hits); i++)
    {
      g_autoptr (MusterApiHit) hit = g_list_model_get_item (hits, i);

      add_hit (self, hit);
    }
  /* Behind the records: their words are common ones. */
  add_sections (self, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  show_results (self);
  dex_clear (&self->searching);
  if (error != NULL && gtk_list_box_get_row_at_index (self->results, 0) == NULL)
    {
      g_autofree char *text = g_markup_escape_text (error->message, -1);

      adw_status_page_set_description (self->trouble, text);
      gtk_stack_set_visible_child_name (self->stack, "error");
    }
  if (self->opens)
    open_selected (self);
  return dex_future_new_true ();
}

static void
muster_finder_search_cb (MusterFinder *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  if (!g_set_str (&self->asked, text) && self->searching != NULL)
    return;
  self->opens = FALSE;
  dex_clear (&self->searching);
  if (*text == '\0')
    {
      gtk_list_box_remove_all (self->results);
      add_recent (self);
      add_rooms (self, text);
      show_results (self);
      return;
    }
  self->searching =
    dex_future_finally (muster_api_search (muster_session_get_client (self->session), text,
                                           HITS_A_KIND, NULL),
                        muster_finder_found_cb, self, NULL);
}

/* Whoever types fast means what was typed, not what was shown for the letters before. */
static void
muster_finder_activate_selected_cb (MusterFinder *self)
{
  if (g_strcmp0 (self->asked, gtk_editable_get_text (GTK_EDITABLE (self->entry))) != 0)
    muster_finder_search_cb (self);
  if (self->searching != NULL)
    self->opens = TRUE;
  else
    open_selected (self);
}

/* Arrows move through the results while one types. */
static gboolean
muster_finder_key_cb (MusterFinder *self, unsigned keyval)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->results);
  int            step = 0;

  if (keyval == GDK_KEY_Down || keyval == GDK_KEY_KP_Down)
    step = 1;
  else if (keyval == GDK_KEY_Up || keyval == GDK_KEY_KP_Up)
    step = -1;
  if (step == 0 || row == NULL)
    return GDK_EVENT_PROPAGATE;
  if (gtk_list_box_row_get_index (row) + step >= 0)
    select_row (self, gtk_list_box_get_row_at_index (self->results,
                                                     gtk_list_box_row_get_index (row) + step));
  return GDK_EVENT_STOP;
}

static void
muster_finder_stop_cb (MusterFinder *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

static void
muster_finder_dispose (GObject *object)
{
  MusterFinder *self = MUSTER_FINDER (object);

  dex_clear (&self->searching);
  g_clear_pointer (&self->asked, g_free);
  if (self->results != NULL)
    gtk_list_box_set_header_func (self->results, NULL, NULL, NULL);
  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_FINDER);
  G_OBJECT_CLASS (muster_finder_parent_class)->dispose (object);
}

static void
muster_finder_class_init (MusterFinderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_finder_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/finder.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterFinder, entry);
  gtk_widget_class_bind_template_child (widget_class, MusterFinder, results);
  gtk_widget_class_bind_template_child (widget_class, MusterFinder, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterFinder, trouble);
  gtk_widget_class_bind_template_callback (widget_class, muster_finder_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_finder_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_finder_activate_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_finder_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_finder_stop_cb);
}

static gboolean
muster_finder_scan_cb (GtkWidget *widget, const char *code, gpointer user_data)
{
  gtk_editable_set_text (GTK_EDITABLE (MUSTER_FINDER (widget)->entry), code);
  return TRUE;
}

static void
muster_finder_init (MusterFinder *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->results, muster_finder_header_cb, NULL, NULL);
  muster_scan_claim (GTK_WIDGET (self), muster_finder_scan_cb, NULL, NULL);
}

AdwDialog *
muster_finder_new (MusterSession *session, const char *text)
{
  MusterFinder *self = g_object_new (MUSTER_TYPE_FINDER, NULL);

  self->session = g_object_ref (session);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  gtk_search_entry_set_key_capture_widget (self->entry, GTK_WIDGET (self));
  muster_finder_search_cb (self);
  return ADW_DIALOG (self);
}
