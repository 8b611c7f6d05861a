/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-print"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/muster-api-calls.h"
#include "muster-ctl-collection.h"
#include "muster-ctl-commands.h"
#include "print/muster-print-load.h"

#include "model/muster-delivery.h"
#include "model/muster-location.h"
#include "model/muster-order.h"
#include "model/muster-stocktake.h"

typedef struct
{
  char    *output;
  char    *paper;
  char    *format;
  int      skip;
  gboolean places;
  gboolean secrets;
} Options;

typedef gboolean (*LoadFunc) (MusterPrintRecords *records,
                              MusterApiClient    *client,
                              const char         *id,
                              GError            **error);

/* A document of one record. */
static const struct
{
  const char             *name;
  const MusterEntityInfo *info;
  const char             *field; /* by which people name the record */
  LoadFunc                load;
  MusterDocumentPrint *(*make) (MusterPrintRecords *records);
} documents[] = {
  { "pick-list", &muster_order_info, "order_number", muster_print_load_order,
    muster_print_pick_list },
  { "invoice", &muster_order_info, "order_number", muster_print_load_order, muster_print_invoice },
  { "delivery-note", &muster_delivery_info, "delivery_number", muster_print_load_delivery,
    muster_print_delivery_note },
  { "count-sheet", &muster_stocktake_info, "name", muster_print_load_stocktake,
    muster_print_count_sheet },
};

/* The identifier of the record of INFO that TEXT names by FIELD: (transfer full). */
static char *
find_id (MusterCtl              *ctl,
         const MusterEntityInfo *info,
         const char             *field,
         const char             *text,
         GError                **error)
{
  const char *const         keys[] = { field, NULL };
  const MusterCtlCollection collection = { .info = info, .keys = keys };
  g_autoptr (MusterEntity) found = muster_ctl_collection_find (&collection, ctl, text, error);

  return found != NULL ? g_strdup (muster_entity_get_id (found)) : NULL;
}

static gboolean
refuse (GError **error, const char *option, const char *text)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("%s: there is no “%s”"), option,
               text);
  return FALSE;
}

/* Writes PRINT where OPTIONS say, else to a file of its title, and tells where that is. */
static gboolean
write_pdf (MusterCtl *ctl, const Options *options, MusterPrintable *print, GError **error)
{
  g_autofree char *path = g_strdup (options->output);

  if (path == NULL)
    path = g_strconcat (muster_printable_get_title (print), ".pdf", NULL);
  if (options->paper != NULL)
    {
      if (muster_paper_find (options->paper) == NULL)
        return refuse (error, "--paper", options->paper);
      muster_printable_set_paper (print, muster_paper_find (options->paper));
    }
  if (!muster_printable_write_pdf (print, path, error))
    return FALSE;
  if (ctl->json)
    {
      g_autoptr (JsonObject) object = muster_api_make_object ("path", path, NULL);

      muster_ctl_print_object (object);
    }
  else
    muster_ctl_print ("%s\n", path);
  return TRUE;
}

static gboolean
print_document (MusterCtl *ctl, const Options *options, guint index, char **args, GError **error)
{
  g_autofree char *id =
    find_id (ctl, documents[index].info, documents[index].field, args[2], error);
  g_autoptr (MusterPrintRecords) records =
              id != NULL ? muster_print_load_site (ctl->client, error) : NULL;
  g_autoptr (MusterDocumentPrint) print = NULL;

  if (records == NULL || !documents[index].load (records, ctl->client, id, error))
    return FALSE;
  print = documents[index].make (records);
  return write_pdf (ctl, options, MUSTER_PRINTABLE (print), error);
}

/* The identifiers of what NAMES name: (transfer full). */
static char **
find_labelled (MusterCtl *ctl, const Options *options, char **names, GError **error)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  for (; *names != NULL; names++)
    {
      g_autoptr (MusterEntity) device = NULL;
      g_autofree char *id = NULL;

      if (options->places)
        id = find_id (ctl, &muster_location_info, "code", *names, error);
      else if ((device = muster_ctl_find_device (ctl, *names, error)) != NULL)
        id = g_strdup (muster_entity_get_id (device));
      if (id == NULL)
        return NULL;
      g_strv_builder_add (ids, id);
    }
  return g_strv_builder_end (ids);
}

static gboolean
print_labels (MusterCtl *ctl, const Options *options, char **names, GError **error)
{
  const char              *name = options->format != NULL ? options->format : "l7160";
  const MusterLabelFormat *format = muster_label_format_find (name);
  g_autoptr (MusterLabelPrint) print = NULL;
  g_auto (GStrv) ids = NULL;

  if (format == NULL)
    return refuse (error, "--format", name);
  ids = find_labelled (ctl, options, names, error);
  if (ids == NULL)
    return FALSE;
  print = muster_label_print_new (format, MAX (0, options->skip));
  muster_printable_set_title (MUSTER_PRINTABLE (print), _ ("Labels"));
  return muster_print_load_labels (print, ctl->client, options->places ? "location" : "device",
                                   (const char *const *)ids, options->secrets, error) &&
         write_pdf (ctl, options, MUSTER_PRINTABLE (print), error);
}

static void
list_formats (void)
{
  unsigned                 n_formats;
  const MusterLabelFormat *formats = muster_label_formats_list (&n_formats);

  for (unsigned i = 0; i < n_formats; i++)
    muster_ctl_print ("%-12s %s\n", formats[i].name, _ (formats[i].title));
}

static gboolean
run (MusterCtl *ctl, const Options *options, char **args, GError **error)
{
  if (strcmp (args[1], "formats") == 0)
    {
      list_formats ();
      return TRUE;
    }
  if (args[2] == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("print %s: of what?"), args[1]);
      return FALSE;
    }
  if (strcmp (args[1], "labels") == 0)
    return print_labels (ctl, options, args + 2, error);
  for (guint i = 0; i < G_N_ELEMENTS (documents); i++)
    if (strcmp (args[1], documents[i].name) == 0)
      return print_document (ctl, options, i, args, error);
  return refuse (error, "print", args[1]);
}

gboolean
muster_ctl_print_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  Options            options = { 0 };
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, N_ ("Write there"), N_ ("FILE") },
    { "paper", 0, 0, G_OPTION_ARG_STRING, &options.paper, N_ ("iso_a4, iso_a5 or na_letter"),
      N_ ("PAPER") },
    { "format", 0, 0, G_OPTION_ARG_STRING, &options.format,
      N_ ("Label stock; “print formats” lists them"), N_ ("FORMAT") },
    { "skip", 0, 0, G_OPTION_ARG_INT, &options.skip,
      N_ ("Labels at the begin of the sheet that are used up"), N_ ("NUMBER") },
    { "places", 0, 0, G_OPTION_ARG_NONE, &options.places, N_ ("Labels of places, by their codes"),
      NULL },
    { "secrets", 0, 0, G_OPTION_ARG_NONE, &options.secrets,
      N_ ("With adoption codes; the site notes who asked for them"), NULL },
    { NULL }
  };
  g_auto (GStrv) positional = g_strdupv (args);
  gboolean done = muster_ctl_parse (ctl, command, entries, &positional, 1, -1, error) &&
                  run (ctl, &options, positional, error);

  g_free (options.output);
  g_free (options.paper);
  g_free (options.format);
  return done;
}
