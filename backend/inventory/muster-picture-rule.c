/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-picture-rule"

#include "config.h"

#include "model/muster-attachment.h"
#include "model/muster-product.h"
#include "muster-picture-rule.h"

static gboolean
is_picture_of_product (MusterEntity *attachment)
{
  const char *media_type = muster_entity_get_string (attachment, "media_type");

  return g_strcmp0 (muster_entity_get_string (attachment, "entity"), "product") == 0 &&
         muster_entity_get_enum (attachment, "purpose") == MUSTER_ATTACHMENT_PURPOSE_PICTURE &&
         media_type != NULL && g_str_has_prefix (media_type, "image/");
}

static gboolean
choose_picture (MusterTransaction *transaction,
                MusterEntity      *before,
                MusterEntity      *after,
                gpointer           data,
                GError           **error)
{
  g_autoptr (MusterEntity) product = NULL;

  if (before != NULL || after == NULL || !is_picture_of_product (after))
    return TRUE;
  product = muster_transaction_get (transaction, &muster_product_info,
                                    muster_entity_get_string (after, "entity_id"), NULL);
  if (product == NULL || !muster_entity_is_null (product, "picture_id"))
    return TRUE;
  muster_entity_set_string (product, "picture_id", muster_entity_get_id (after));
  return muster_transaction_update (transaction, product, 0, error);
}

void
muster_picture_rule_add (MusterDatabase *database)
{
  g_return_if_fail (MUSTER_IS_DATABASE (database));

  muster_database_add_rule (database, &muster_attachment_info, MUSTER_RULE_PLAIN, choose_picture,
                            NULL);
}
