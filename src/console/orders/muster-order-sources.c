/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-order-sources"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "client/muster-fiber.h"
#include "model/muster-order.h"
#include "model/muster-person.h"
#include "model/muster-product.h"
#include "muster-order-draft.h"
#include "muster-order-sources.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-stock-label.h"

#define MAX_PRODUCTS 12
#define MAX_CUSTOMERS 6

/* --- products --- */

static DexFuture *
find_products (MusterSession *session, const char *text, gpointer user_data)
{
  static const char *const filters[] = { "discontinued", "false", NULL };
  gint64                   quantity;
  g_autofree char         *term = muster_line_entry_parse (text, &quantity);
  const MusterApiListQuery query = {
    .q = *term != '\0' ? term : NULL, .sort = "name", .limit = MAX_PRODUCTS, .filters = filters
  };

  return muster_api_collection_list (muster_session_get_client (session), &muster_product_info,
                                     &query);
}

static GtkWidget *
create_product_suffix (MusterEntity *product)
{
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  GtkWidget       *price = gtk_label_new (NULL);
  GtkWidget       *stock = muster_stock_label_new ();
  g_autofree char *text = muster_format_money (muster_entity_get_integer (product, "unit_price"),
                                               muster_entity_get_string (product, "currency"));

  gtk_label_set_label (GTK_LABEL (price),
                       muster_entity_is_null (product, "unit_price") ? "" : text);
  gtk_label_set_xalign (GTK_LABEL (price), 1);
  gtk_widget_add_css_class (price, "numeric");
  muster_stock_label_set (stock,
                          MAX (muster_entity_get_integer (product, "on_hand") -
                                 muster_entity_get_integer (product, "reserved"),
                               0),
                          1);
  gtk_widget_set_halign (stock, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (box), price);
  gtk_box_append (GTK_BOX (box), stock);
  return box;
}

static GtkWidget *
create_product_row (MusterSession *session, GObject *item, gpointer user_data)
{
  static const char *const fields[] = { "sku", "manufacturer", "model", NULL };
  MusterEntity            *product = MUSTER_ENTITY (item);
  g_autofree char         *about = muster_record_format_line (session, product, fields);

  return muster_suggest_row_new (muster_entity_get_string (product, "name"), about,
                                 create_product_suffix (product));
}

const MusterSuggestSource muster_product_source = { find_products, create_product_row,
                                                    N_ ("Products that fit") };

/* --- customers --- */

typedef struct
{
  MusterSession *session;
  char          *text;
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;

  g_object_unref (search->session);
  g_free (search->text);
  g_free (search);
}

/* A name that stands there already says no more. */
static gboolean
is_new (GHashTable *names, const char *name)
{
  g_autofree char *key = name != NULL ? g_utf8_casefold (name, -1) : NULL;

  return key != NULL && g_hash_table_add (names, g_steal_pointer (&key));
}

static void
add_page (GListStore *store, GHashTable *names, MusterApiPage *page, const char *field)
{
  for (unsigned i = 0; page != NULL && i < muster_api_page_get_length (page); i++)
    {
      MusterEntity *entity = muster_api_page_get (page, i);

      if (is_new (names, muster_entity_get_string (entity, field)))
        g_list_store_append (store, entity);
    }
}

static DexFuture *
find_customers_fiber (gpointer user_data)
{
  Search                  *search = user_data;
  MusterApiClient         *client = muster_session_get_client (search->session);
  const MusterApiListQuery people = { .q = search->text, .limit = MAX_CUSTOMERS };
  const MusterApiListQuery orders = { .q = search->text, .sort = "-created_at", .limit = 50 };
  g_autoptr (GListStore) store = g_list_store_new (MUSTER_TYPE_ENTITY);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (MusterApiPage) found = NULL;
  g_autoptr (MusterApiPage) earlier = NULL;

  if (muster_session_may (search->session, "listUsers"))
    found =
      dex_await_object (muster_api_collection_list (client, &muster_person_info, &people), NULL);
  if (muster_session_may (search->session, "listOrders"))
    earlier =
      dex_await_object (muster_api_collection_list (client, &muster_order_info, &orders), NULL);
  add_page (store, names, found, "name");
  add_page (store, names, earlier, "customer");
  while (g_list_model_get_n_items (G_LIST_MODEL (store)) > 2 * MAX_CUSTOMERS)
    g_list_store_remove (store, g_list_model_get_n_items (G_LIST_MODEL (store)) - 1);
  return dex_future_new_take_object (g_steal_pointer (&store));
}

static DexFuture *
find_customers (MusterSession *session, const char *text, gpointer user_data)
{
  Search *search = g_new0 (Search, 1);

  search->session = g_object_ref (session);
  search->text = g_strdup (text);
  return muster_fiber_spawn (NULL, 0, find_customers_fiber, search, search_free);
}

static GtkWidget *
create_customer_row (MusterSession *session, GObject *item, gpointer user_data)
{
  static const char *const fields[] = { "customer_email", "shipping_address", NULL };
  MusterEntity            *entity = MUSTER_ENTITY (item);
  g_autofree char         *about = NULL;

  if (MUSTER_IS_PERSON (item))
    return muster_suggest_row_new (muster_entity_get_string (entity, "name"),
                                   muster_entity_get_string (entity, "email"), NULL);
  about = muster_record_format_line (session, entity, fields);
  g_strdelimit (about, "\n", ' ');
  return muster_suggest_row_new (muster_entity_get_string (entity, "customer"), about, NULL);
}

const MusterSuggestSource muster_customer_source = { find_customers, create_customer_row,
                                                     N_ ("Customers that fit") };
