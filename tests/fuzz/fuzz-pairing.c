/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>
#include <stdint.h>

#include "model/muster-label-secret.h"
#include "devices/muster-noise.h"
#include "devices/muster-pairing-message.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What a device answers, in every place where it may answer it; and what a person types. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const guint8 psk[MUSTER_NOISE_KEY_LENGTH] = { 7 };
  g_autoptr (MusterPairingIdentity) identity =
              muster_pairing_identity_parse ((const char *)data, size, NULL);
  g_autoptr (MusterPairingResult) result = muster_pairing_result_decode (data, size, NULL);
  g_autoptr (MusterNoise) channel =
              muster_noise_new (MUSTER_NOISE_RESPONDER, psk, data, MIN (size, 16));
  g_autoptr (GBytes) opened = muster_noise_read (channel, data, size, NULL);
  g_autofree char *text = g_strndup ((const char *)data, size);
  guint8           secret[MUSTER_LABEL_SECRET_LENGTH];

  if (identity != NULL)
    {
      g_autoptr (GBytes) prologue = muster_pairing_make_prologue (identity->serial);
    }
  muster_label_secret_parse (text, secret, NULL);
  return 0;
}
