package io.securestreams.core.policy.json;

/** Throw-away material for localhost, valid for a century: base64 of DER. */
final class Certificates {

  static final String CA =
      "MIIBgDCCASegAwIBAgIUMADnFv9arMWxP+aTNUMUh7Ijno8wCgYIKoZIzj0EAwIwFTETMBEGA1UEAwwK"
          + "c3MtdGVzdC1jYTAgFw0yNjExMjMwNTM3NDJaGA8yMTI2MTAzMDA1Mzc0MlowFTETMBEGA1UEAwwKc3Mt"
          + "dGVzdC1jYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABCMji9ojPAeIFm2IHDW01z3ZFvuW5QRnsvEk"
          + "vTv1O4YIab8mfJgQMnYDjYXedMQmOqb/RhbAPPY9fSZkHBnknkajUzBRMB0GA1UdDgQWBBRdbvN+I6CS"
          + "Ywwz6+ttD2cngbZsbzAfBgNVHSMEGDAWgBRdbvN+I6CSYwwz6+ttD2cngbZsbzAPBgNVHRMBAf8EBTAD"
          + "AQH/MAoGCCqGSM49BAMCA0cAMEQCIGJnBP9sKKtJFBdNQ0NmlhQIc9xrOLxG5C/TmgKhW7boAiAs+r+w"
          + "vzdTorySClZ1P042J3xcOay0sehCWZXjG24Epg==";

  static final String SERVER =
      "MIIBeTCCAR6gAwIBAgIBAjAKBggqhkjOPQQDAjAVMRMwEQYDVQQDDApzcy10ZXN0LWNhMCAXDTI2MTEy"
          + "MzA1Mzc0MloYDzIxMjYxMDMwMDUzNzQyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIB"
          + "BggqhkjOPQMBBwNCAASb2V8gKW3Dq/jWT/FY4vljn89bZbK3xb1b+RzpGqVPSVpevdPH93uEB7UGJO7N"
          + "NdkFCG5YoWIJhEqLl49yc+3ro14wXDAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwHQYDVR0OBBYE"
          + "FP7et4wUKKXb4pMLo/XWFqgMe00JMB8GA1UdIwQYMBaAFF1u834joJJjDDPr620PZyeBtmxvMAoGCCqG"
          + "SM49BAMCA0kAMEYCIQCyf1oGuiVaEX7N9rjaIVjG9R8CJ7RNEarzWccz0BCPaAIhAOoVPRCs0ZCzDVlU"
          + "SzwLghlm+kjuwwd6swc8iKJu4Myh";

  /** The private key of {@link #SERVER}. */
  static final String SERVER_KEY =
      "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgiOZ1kTI78nJwvk6iEX5DWG/LuWIpfP0+"
          + "40i9lXI3ZCShRANCAASb2V8gKW3Dq/jWT/FY4vljn89bZbK3xb1b+RzpGqVPSVpevdPH93uEB7UGJO7N"
          + "NdkFCG5YoWIJhEqLl49yc+3r";

  private Certificates() {}
}
