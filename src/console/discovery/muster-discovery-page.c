/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-discovery-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-discovery.h"
#include "client/muster-api-json.h"
#include "muster-address-dialog.h"
#include "muster-candidate-model.h"
#include "muster-candidate-row.h"
#include "muster-discovery-page.h"
#include "widgets/muster-format.h"
#include "widgets/muster-skeleton.h"
#include "widgets/muster-trouble-view.h"

#define NETWORKS_NAMED 2

/* The lists of the page, in the order in which a candidate is asked for its place. */
typedef enum
{
  SECTION_WAITING,
  SECTION_OTHERS,
  SECTION_ADOPTED,
  SECTION_IGNORED,
  N_SECTIONS,
} Section;

struct _MusterDiscoveryPage
{
  MusterPage parent_instance;

  MusterCandidateModel *model;             /* (owned) */
  GListModel           *shown[N_SECTIONS]; /* (owned) */
  DexFuture            *looking;           /* (owned) (nullable) status of the discovery */
  gboolean              show_ignored;
  char                 *discovery_trouble; /* (owned) (nullable) */
  char                 *networks; /* (owned) (nullable) for a person; empty where there is none */

  /* Template children */
  GtkStack          *stack;
  AdwStatusPage     *empty;
  MusterTroubleView *trouble;
  GtkRevealer       *trouble_revealer;
  GtkLabel          *trouble_label;
  GtkWidget         *waiting_group, *others_group, *adopted_group, *ignored_group;
  GtkListBox        *waiting, *others, *adopted, *ignored;
};

G_DEFINE_FINAL_TYPE (MusterDiscoveryPage, muster_discovery_page, MUSTER_TYPE_PAGE)

typedef enum
{
  PROP_SHOW_IGNORED = 1,
} MusterDiscoveryPageProperty;

static GParamSpec *properties[PROP_SHOW_IGNORED + 1];

static Section
get_section (MusterEntity *candidate)
{
  switch ((MusterCandidateState)muster_entity_get_enum (candidate, "state"))
    {
    case MUSTER_CANDIDATE_IGNORED:
      return SECTION_IGNORED;
    case MUSTER_CANDIDATE_ADOPTED:
      return SECTION_ADOPTED;
    case MUSTER_CANDIDATE_NEW:
    case MUSTER_CANDIDATE_EXPECTED:
    case MUSTER_CANDIDATE_KNOWN:
    default:
      return muster_entity_get_boolean (candidate, "adoptable") ? SECTION_WAITING : SECTION_OTHERS;
    }
}

static gboolean
is_in_section (gpointer item, gpointer section)
{
  return get_section (item) == GPOINTER_TO_UINT (section);
}

/* Those whose secret is known come first, then by name. */
static int
compare_candidates (gconstpointer a, gconstpointer b, gpointer user_data)
{
  MusterEntity *first = (MusterEntity *)a, *second = (MusterEntity *)b;
  gboolean first_expected = muster_entity_get_enum (first, "state") == MUSTER_CANDIDATE_EXPECTED;
  gboolean second_expected = muster_entity_get_enum (second, "state") == MUSTER_CANDIDATE_EXPECTED;

  if (first_expected != second_expected)
    return first_expected ? -1 : 1;
  return g_utf8_collate (muster_entity_get_string (first, "name"),
                         muster_entity_get_string (second, "name"));
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  return muster_candidate_row_new (muster_page_get_session (user_data), item);
}

static unsigned
count_shown (MusterDiscoveryPage *self, Section section)
{
  return g_list_model_get_n_items (self->shown[section]);
}

/* Why nothing is there, as far as it is known. */
static void
describe_emptiness (MusterDiscoveryPage *self)
{
  if (self->discovery_trouble != NULL)
    {
      adw_status_page_set_title (self->empty, _ ("The Network Cannot Be Watched"));
      adw_status_page_set_description (
        self->empty,
        _ (
          "Devices that announce themselves are not noticed until this is mended. Those with a known address can be added by it."));
    }
  else if (self->networks != NULL && *self->networks == '\0')
    {
      adw_status_page_set_title (self->empty, _ ("No Network"));
      adw_status_page_set_description (
        self->empty, _ ("This machine is not connected to any network on which devices could be."));
    }
  else
    {
      g_autofree char *text = g_strdup_printf (
        _ ("Nothing has announced itself on %s so far. Switch a device on and it appears "
           "here within seconds."),
        self->networks != NULL ? self->networks : _ ("the network"));

      adw_status_page_set_title (self->empty, _ ("Nothing Found Yet"));
      adw_status_page_set_description (self->empty, text);
    }
}

static void
muster_discovery_page_update (MusterDiscoveryPage *self)
{
  const GError *error = muster_candidate_model_get_error (self->model);
  unsigned      n_shown = count_shown (self, SECTION_WAITING) + count_shown (self, SECTION_OTHERS) +
                     count_shown (self, SECTION_ADOPTED);

  if (self->show_ignored)
    n_shown += count_shown (self, SECTION_IGNORED);
  gtk_widget_set_visible (self->waiting_group, count_shown (self, SECTION_WAITING) > 0);
  gtk_widget_set_visible (self->others_group, count_shown (self, SECTION_OTHERS) > 0);
  gtk_widget_set_visible (self->adopted_group, count_shown (self, SECTION_ADOPTED) > 0);
  gtk_widget_set_visible (self->ignored_group,
                          self->show_ignored && count_shown (self, SECTION_IGNORED) > 0);
  gtk_revealer_set_reveal_child (self->trouble_revealer, self->discovery_trouble != NULL);
  gtk_label_set_label (self->trouble_label,
                       self->discovery_trouble != NULL ? self->discovery_trouble : "");
  describe_emptiness (self);
  if (n_shown > 0)
    gtk_stack_set_visible_child_name (self->stack, "content");
  else if (error != NULL)
    {
      muster_trouble_view_set_error (self->trouble, _ ("What Is on the Network Could Not Be Read"),
                                     error);
      gtk_stack_set_visible_child_name (self->stack, "error");
    }
  else
    gtk_stack_set_visible_child_name (self->stack, muster_candidate_model_is_loaded (self->model)
                                                     ? "empty"
                                                     : "loading");
}

/* The first few of the networks, or NULL where the site does not tell. */
static char *
describe_networks (JsonArray *networks)
{
  g_autoptr (GString) text = g_string_new (NULL);
  unsigned n_networks = networks != NULL ? json_array_get_length (networks) : 0;

  if (networks == NULL)
    return NULL;
  for (unsigned i = 0; i < MIN (n_networks, NETWORKS_NAMED); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            json_array_get_string_element (networks, i));
  if (n_networks > NETWORKS_NAMED)
    g_string_append (text, ", …");
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static DexFuture *
muster_discovery_page_status_cb (DexFuture *future, gpointer user_data)
{
  MusterDiscoveryPage *self = user_data;
  const GValue        *value = dex_future_get_value (future, NULL);
  JsonObject          *status = value != NULL ? g_value_get_boxed (value) : NULL;
  const char          *trouble;

  if (status == NULL)
    return dex_future_new_true ();
  trouble = muster_api_json_get_string (status, "trouble");
  if (trouble == NULL && json_object_has_member (status, "available") &&
      !muster_api_json_get_boolean (status, "available"))
    trouble = _ ("The discovery service (Avahi) does not run on the site's machine");
  g_free (self->discovery_trouble);
  self->discovery_trouble = trouble != NULL ? muster_format_sentence (trouble) : NULL;
  g_free (self->networks);
  self->networks = describe_networks (muster_api_json_get_array (status, "networks"));
  muster_discovery_page_update (self);
  return dex_future_new_true ();
}

static void
muster_discovery_page_look (MusterDiscoveryPage *self)
{
  dex_clear (&self->looking);
  self->looking = dex_future_finally (muster_api_discovery_get_status (
                                        muster_page_get_client (MUSTER_PAGE (self))),
                                      muster_discovery_page_status_cb, self, NULL);
}

static DexFuture *
muster_discovery_page_scan_fiber (gpointer user_data)
{
  MusterDiscoveryPage *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!dex_await (muster_api_discovery_scan (muster_page_get_client (MUSTER_PAGE (self))),
                  &error) &&
      muster_page_is_alive (MUSTER_PAGE (self)))
    muster_session_tell_error (muster_page_get_session (MUSTER_PAGE (self)),
                               _ ("Could not look again"), error);
  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  muster_candidate_model_refresh (self->model);
  muster_discovery_page_look (self);
  return dex_future_new_true ();
}

static void
muster_discovery_page_refresh (MusterPage *page)
{
  muster_page_run (page, muster_discovery_page_scan_fiber);
}

static void
muster_discovery_page_connected_cb (MusterDiscoveryPage *self)
{
  if (!muster_session_is_connected (muster_page_get_session (MUSTER_PAGE (self))))
    return;
  muster_candidate_model_refresh (self->model);
  muster_discovery_page_look (self);
}

static void
muster_discovery_page_address_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  adw_dialog_present (muster_address_dialog_new (muster_page_get_session (MUSTER_PAGE (widget))),
                      widget);
}

static void
muster_discovery_page_constructed (GObject *object)
{
  MusterDiscoveryPage *self = MUSTER_DISCOVERY_PAGE (object);
  MusterSession       *session = muster_page_get_session (MUSTER_PAGE (self));
  GtkListBox *lists[N_SECTIONS] = { self->waiting, self->others, self->adopted, self->ignored };

  G_OBJECT_CLASS (muster_discovery_page_parent_class)->constructed (object);
  self->model = muster_candidate_model_new (session);
  for (unsigned i = 0; i < N_SECTIONS; i++)
    {
      GtkFilter *filter =
        GTK_FILTER (gtk_custom_filter_new (is_in_section, GUINT_TO_POINTER (i), NULL));
      GtkSorter *sorter = GTK_SORTER (gtk_custom_sorter_new (compare_candidates, NULL, NULL));

      self->shown[i] = G_LIST_MODEL (
        gtk_sort_list_model_new (G_LIST_MODEL (gtk_filter_list_model_new (
                                   G_LIST_MODEL (g_object_ref (self->model)), filter)),
                                 sorter));
      gtk_list_box_bind_model (lists[i], self->shown[i], create_row, self, NULL);
    }
  g_signal_connect_object (self->model, "changed", G_CALLBACK (muster_discovery_page_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::connected",
                           G_CALLBACK (muster_discovery_page_connected_cb), self,
                           G_CONNECT_SWAPPED);
  muster_discovery_page_update (self);
  muster_discovery_page_look (self);
}

static void
muster_discovery_page_dispose (GObject *object)
{
  MusterDiscoveryPage *self = MUSTER_DISCOVERY_PAGE (object);

  dex_clear (&self->looking);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_DISCOVERY_PAGE);
  for (unsigned i = 0; i < N_SECTIONS; i++)
    g_clear_object (&self->shown[i]);
  g_clear_object (&self->model);
  g_clear_pointer (&self->discovery_trouble, g_free);
  g_clear_pointer (&self->networks, g_free);
  G_OBJECT_CLASS (muster_discovery_page_parent_class)->dispose (object);
}

static void
muster_discovery_page_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  switch ((MusterDiscoveryPageProperty)prop_id)
    {
    case PROP_SHOW_IGNORED:
      g_value_set_boolean (value, MUSTER_DISCOVERY_PAGE (object)->show_ignored);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_discovery_page_set_property (GObject      *object,
                                    guint         prop_id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  MusterDiscoveryPage *self = MUSTER_DISCOVERY_PAGE (object);

  switch ((MusterDiscoveryPageProperty)prop_id)
    {
    case PROP_SHOW_IGNORED:
      if (self->show_ignored == g_value_get_boolean (value))
        return;
      self->show_ignored = g_value_get_boolean (value);
      muster_discovery_page_update (self);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_discovery_page_class_init (MusterDiscoveryPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = muster_discovery_page_constructed;
  object_class->dispose = muster_discovery_page_dispose;
  object_class->get_property = muster_discovery_page_get_property;
  object_class->set_property = muster_discovery_page_set_property;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_discovery_page_refresh;
  MUSTER_PAGE_CLASS (klass)->has_no_past = TRUE;
  properties[PROP_SHOW_IGNORED] =
    g_param_spec_boolean ("show-ignored", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/muster/Muster/discovery-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterDiscoveryPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterDiscoveryPage, empty);
  gtk_widget_class_bind_template_child (widget_class, MusterDiscoveryPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterDiscoveryPage, trouble_revealer);
  gtk_widget_class_bind_template_child (widget_class, MusterDiscoveryPage, trouble_label);
  gtk_widget_class_bind_template_child (widget_class, MusterDiscoveryPage, waiting_group);
  gtk_widget_class_bind_template_child (widget_class, MusterDiscoveryPage, others_group);
  gtk_widget_class_bind_template_child (widget_class, MusterDiscoveryPage, adopted_group);
  gtk_widget_class_bind_template_child (widget_class, MusterDiscoveryPage, ignored_group);
  gtk_widget_class_bind_template_child (widget_class, MusterDiscoveryPage, waiting);
  gtk_widget_class_bind_template_child (widget_class, MusterDiscoveryPage, others);
  gtk_widget_class_bind_template_child (widget_class, MusterDiscoveryPage, adopted);
  gtk_widget_class_bind_template_child (widget_class, MusterDiscoveryPage, ignored);
  gtk_widget_class_install_action (widget_class, "discovery.add-address", NULL,
                                   muster_discovery_page_address_action);
  gtk_widget_class_install_property_action (widget_class, "discovery.show-ignored", "show-ignored");
}

static void
muster_discovery_page_init (MusterDiscoveryPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
