/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_label.h"

#define DIGITS 26u /* of the secret: 128 bits and two spare ones */
#define CHECKS 2u

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* The first ten bits of the secret's BLAKE2b-512. */
static uint32_t
check_bits (const struct mf_port *port, const uint8_t *secret)
{
  struct mf_bytes none = { NULL, 0 }, part = { secret, MF_SECRET_SIZE };
  uint8_t         hash[64];

  port->ops->blake2b (port->user, hash, sizeof hash, none, &part, 1);
  return (uint32_t)hash[0] << 2 | hash[1] >> 6;
}

/* The five bits of the secret from bit 5 × `digit`; beyond its end zero. */
static uint32_t
five_bits (const uint8_t *secret, uint32_t digit)
{
  uint32_t bit = digit * 5, byte = bit / 8;
  uint32_t pair = (uint32_t)secret[byte] << 8 | (byte + 1 < MF_SECRET_SIZE ? secret[byte + 1] : 0u);

  return pair >> (11 - bit % 8) & 31;
}

void
mf_label_format (const struct mf_port *port,
                 const uint8_t         secret[MF_SECRET_SIZE],
                 char                  label[MF_LABEL_SIZE])
{
  uint32_t check = check_bits (port, secret), digit;
  char    *out = label;

  for (digit = 0; digit < DIGITS + CHECKS; digit++)
    {
      if (digit > 0 && digit % 4 == 0)
        *out++ = '-';
      *out++ = digit < DIGITS ? alphabet[five_bits (secret, digit)]
                              : alphabet[digit == DIGITS ? check >> 5 : check & 31];
    }
  *out = '\0';
}

static int
digit_value (char character)
{
  char upper = character >= 'a' && character <= 'z' ? (char)(character - 'a' + 'A') : character;
  int  value;

  if (upper == 'O')
    return 0;
  if (upper == 'I' || upper == 'L')
    return 1;
  for (value = 0; alphabet[value] != '\0'; value++)
    if (alphabet[value] == upper)
      return value;
  return -1;
}

bool
mf_label_parse (const struct mf_port *port, const char *label, uint8_t secret[MF_SECRET_SIZE])
{
  uint32_t digit = 0, bits = 0, n_bits = 0, check = 0;
  size_t   filled = 0;

  for (; *label != '\0'; label++)
    {
      int value;

      if (*label == '-')
        continue;
      value = digit_value (*label);
      if (value < 0 || digit == DIGITS + CHECKS)
        return false;
      if (digit++ >= DIGITS)
        {
          check = check << 5 | (uint32_t)value;
          continue;
        }
      bits = bits << 5 | (uint32_t)value;
      n_bits += 5;
      if (n_bits >= 8 && filled < MF_SECRET_SIZE)
        {
          n_bits -= 8;
          secret[filled++] = (uint8_t)(bits >> n_bits);
        }
      bits &= (1u << n_bits) - 1;
    }
  return digit == DIGITS + CHECKS && bits == 0 && check == check_bits (port, secret);
}
