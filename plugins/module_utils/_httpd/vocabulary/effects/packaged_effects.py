"""What the directives of modules that Debian packages apart from httpd do to what is decided, as directive_effects.py says it of httpd's.

Read in the sources of mod_security2 2.9.11, mod_auth_openidc 2.4.16, mod_qos 11.76 and mod_evasive 2.4.0.
"""

from __future__ import annotations

from collections.abc import Mapping

# Loaded, they act without a directive of theirs.
ACTING_MODULES = frozenset({"evasive20_module", "evasive24_module", "evasive_module"})

_HARMLESS: Mapping[str, str] = {
    "it is about rules, and SecRuleEngine says whether there are any": """
        SecAction SecArgumentSeparator SecArgumentsLimit SecCacheTransformations SecCollectionTimeout SecCookieFormat
        SecCookiev0Separator SecDataDir SecDefaultAction SecGeoLookupDB SecGsbLookupDB SecHashEngine SecHashKey
        SecHashMethodPm SecHashMethodRx SecHashParam SecHttpBlKey SecInterceptOnError SecMarker SecParseXmlIntoArgs
        SecPcreMatchLimit SecPcreMatchLimitRecursion SecRemoteRules SecRemoteRulesFailAction SecRequestBodyAccess
        SecRequestBodyInMemoryLimit SecRequestBodyJsonDepthLimit SecRequestBodyLimit SecRequestBodyLimitAction
        SecRequestBodyNoFilesLimit SecRequestEncoding SecRule SecRuleInheritance SecRulePerfTime SecRuleRemoveById
        SecRuleRemoveByMsg SecRuleRemoveByTag SecRuleScript SecRuleUpdateActionById SecRuleUpdateTargetById
        SecRuleUpdateTargetByMsg SecRuleUpdateTargetByTag SecSensorId SecStreamInBodyInspection SecTmpDir
        SecTmpSaveUploadedFiles SecUnicodeCodePage SecUnicodeMapFile SecUploadDir SecUploadFileLimit SecUploadFileMode
        SecUploadKeepFiles SecWebAppId SecXmlExternalEntity""",
    "it is about the answer's body or headers": """
        QS_VipHeaderName QS_VipIPHeaderName SecContentInjection SecResponseBodyAccess SecResponseBodyLimit
        SecResponseBodyLimitAction SecResponseBodyMimeType SecResponseBodyMimeTypesClear SecServerSignature
        SecStreamOutBodyInspection""",
    "it is about logs": """
        DOSEmailNotify DOSLogDir DOSSystemCommand QSLog QS_EventCount QS_LogEnv QS_Status SecAuditEngine SecAuditLog
        SecAuditLog2 SecAuditLogDirMode SecAuditLogFileMode SecAuditLogFormat SecAuditLogParts SecAuditLogRelevantStatus
        SecAuditLogStorageDir SecAuditLogType SecDebugLog SecDebugLogLevel SecGuardianLog""",
    "it is about the process, its files and its connections": """
        QS_ClientEntries QS_ClientGeoCountryDB QS_DisableHandler QS_ForcedClose QS_MaxClients QS_SemMemFile QS_SupportIPv6
        SecChrootDir SecComponentSignature SecConnEngine SecConnReadStateLimit SecConnWriteStateLimit SecReadStateLimit
        SecStatusEngine SecWriteStateLimit""",
    "it is about how fast a request or its answer comes": """
        QS_EventKBytesPerSecLimit QS_LocKBytesPerSecLimit QS_LocKBytesPerSecLimitMatch QS_SrvDataRateOff QS_SrvMinDataRate
        QS_SrvMinDataRateIgnoreVIP QS_SrvMinDataRateOffEvent QS_SrvRequestRate QS_SrvSampleRate""",
    "it says whom a limit spares, or what who is refused is told; the limits are open themselves": """
        QS_ClientContentTypes QS_ClientEventBlockExcludeIP QS_ClientTolerance QS_Decoding QS_DenyInheritanceOff QS_ErrorPage
        QS_ErrorResponseCode QS_LogOnly QS_MileStoneTimeout QS_SessionCookieName QS_SessionCookiePath QS_SessionKey
        QS_SessionTimeout QS_SrvMaxConnExcludeIP QS_SrvMaxConnPerIPIgnoreVIP QS_VipIpUser QS_VipUser""",
    "it says how users are known, which only Require asks, and that is open": """
        OIDCAuthNHeader OIDCAuthRequestParams OIDCBlackListedClaims OIDCCABundlePath OIDCCacheDir OIDCCacheEncrypt
        OIDCCacheFileCleanInterval OIDCCacheShmEntrySizeMax OIDCCacheShmMax OIDCCacheType OIDCClaimDelimiter OIDCClaimPrefix
        OIDCClientContact OIDCClientID OIDCClientJwksUri OIDCClientName OIDCClientSecret OIDCClientTokenEndpointCert
        OIDCClientTokenEndpointKey OIDCClientTokenEndpointKeyPassword OIDCCookie OIDCCookieDomain OIDCCookieHTTPOnly
        OIDCCookiePath OIDCCookieSameSite OIDCCryptoPassphrase OIDCDefaultLoggedOutURL OIDCDefaultURL OIDCDiscoverURL
        OIDCDPoPMode OIDCHTTPTimeoutLong OIDCHTTPTimeoutShort OIDCIDTokenAudValues OIDCIDTokenEncryptedResponseAlg
        OIDCIDTokenEncryptedResponseEnc OIDCIDTokenIatSlack OIDCIDTokenSignedResponseAlg OIDCInfoHook
        OIDCJWKSRefreshInterval OIDCLogoutRequestParams OIDCLogoutXFrameOptions OIDCMemCacheConnectionsHMax
        OIDCMemCacheConnectionsMin OIDCMemCacheConnectionsSMax OIDCMemCacheConnectionsTTL OIDCMemCacheServers
        OIDCMetadataDir OIDCMetricsData OIDCOAuthAcceptTokenAs OIDCOAuthClientID OIDCOAuthClientSecret
        OIDCOAuthIntrospectionClientAuthBearerToken OIDCOAuthIntrospectionEndpoint OIDCOAuthIntrospectionEndpointAuth
        OIDCOAuthIntrospectionEndpointCert OIDCOAuthIntrospectionEndpointKey OIDCOAuthIntrospectionEndpointKeyPassword
        OIDCOAuthIntrospectionEndpointMethod OIDCOAuthIntrospectionEndpointParams OIDCOAuthIntrospectionTokenParamName
        OIDCOAuthRemoteUserClaim OIDCOAuthServerMetadataURL OIDCOAuthSSLValidateServer OIDCOAuthTokenExpiryClaim
        OIDCOAuthTokenIntrospectionInterval OIDCOAuthVerifyCertFiles OIDCOAuthVerifyJwksUri OIDCOAuthVerifySharedKeys
        OIDCOutgoingProxy OIDCPassAccessToken OIDCPassClaimsAs OIDCPassCookies OIDCPassIDTokenAs OIDCPassRefreshToken
        OIDCPassUserInfoAs OIDCPathAuthRequestParams OIDCPathScope OIDCPKCEMethod OIDCPreservePost OIDCPreservePostTemplates
        OIDCPrivateKeyFiles OIDCProfile OIDCProviderAuthorizationEndpoint OIDCProviderAuthRequestMethod
        OIDCProviderBackChannelLogoutSupported OIDCProviderCheckSessionIFrame OIDCProviderEndSessionEndpoint
        OIDCProviderIssuer OIDCProviderJwksUri OIDCProviderMetadataRefreshInterval OIDCProviderMetadataURL
        OIDCProviderPushedAuthorizationRequestEndpoint OIDCProviderRegistrationEndpointJson OIDCProviderRevocationEndpoint
        OIDCProviderSignedJwksUri OIDCProviderTokenEndpoint OIDCProviderTokenEndpointAuth OIDCProviderTokenEndpointParams
        OIDCProviderUserInfoEndpoint OIDCProviderVerifyCertFiles OIDCPublicKeyFiles OIDCRedirectURLsAllowed
        OIDCRedisCacheConnectTimeout OIDCRedisCacheDatabase OIDCRedisCachePassword OIDCRedisCacheServer
        OIDCRedisCacheTimeout OIDCRedisCacheUsername OIDCRefreshAccessTokenBeforeExpiry OIDCRemoteUserClaim
        OIDCRequestObject OIDCResponseMode OIDCResponseType OIDCScope OIDCSessionCacheFallbackToCookie
        OIDCSessionCookieChunkSize OIDCSessionInactivityTimeout OIDCSessionMaxDuration OIDCSessionType
        OIDCSSLValidateServer OIDCStateCookiePrefix OIDCStateInputHeaders OIDCStateMaxNumberOfCookies OIDCStateTimeout
        OIDCStripCookies OIDCTraceParent OIDCUnAuthAction OIDCUnAutzAction OIDCUserInfoEncryptedResponseAlg
        OIDCUserInfoEncryptedResponseEnc OIDCUserInfoRefreshInterval OIDCUserInfoSignedResponseAlg OIDCUserInfoTokenMethod
        OIDCValidateIssuer OIDCWhiteListedClaims OIDCXForwardedHeaders""",
}  # fmt: skip

# By the requests that they reach (resolve/unmodelled/reach.py).
_OPEN: Mapping[str, str] = {
    # SecRuleEngine Off in a <Location> doesn't hold for the first phase, and a rule may switch DetectionOnly to On.
    "every unless off, anywhere": "SecRuleEngine",
    "proxied": "SecDisableBackendCompression",
    "at its URL": "OIDCMetricsPublish OIDCRedirectURI",
    "below its path": "QS_LocRequestLimit QS_LocRequestPerSecLimit",
    "long body": "QS_LimitRequestBody",
    "every": """
        DOSBlockingPeriod DOSBlocklistUri DOSEnabled DOSHashTableSize DOSHTTPStatus DOSPageCount DOSPageInterval DOSSiteCount
        DOSSiteInterval DOSWhitelist DOSWhitelistUri QS_ClientEventBlockCount QS_ClientEventLimitCount
        QS_ClientEventPerSecLimit QS_ClientEventRequestLimit QS_ClientGeoCountryPriv QS_ClientIpFromHeader QS_ClientPrefer
        QS_ClientSerialize QS_CondClientEventLimitCount QS_CondEventLimitCount QS_CondLocRequestLimitMatch QS_DenyBody
        QS_DenyEvent QS_DenyPath QS_DenyQuery QS_DenyQueryBody QS_DenyRequestLine QS_EventLimitCount QS_EventPerSecLimit
        QS_EventRequestLimit QS_InvalidUrlEncoding QS_LocRequestLimitDefault QS_LocRequestLimitMatch
        QS_LocRequestPerSecLimitMatch QS_MileStone QS_PermitUri QS_PermitUriBody QS_RedirectIf QS_RequestHeaderFilter
        QS_RequestHeaderFilterRule QS_ResponseHeaderFilter QS_ResponseHeaderFilterRule QS_SetEnv QS_SetEnvIf QS_SetEnvIfBody
        QS_SetEnvIfCmp QS_SetEnvIfParp QS_SetEnvIfQuery QS_SetEnvIfResBody QS_SetEnvIfStatus QS_SetEnvRes QS_SetEnvResBody
        QS_SetEnvResHeader QS_SetEnvResHeaderMatch QS_SetEnvStatus QS_SetReqHeader QS_SrvMaxConn QS_SrvMaxConnClose
        QS_SrvMaxConnPerIP QS_SrvSerialize QS_UnsetReqHeader QS_UnsetResHeader QS_UserTrackingCookieName""",
}  # fmt: skip


def _by_name(table: Mapping[str, str]) -> dict[str, str]:
    """Return each directive's row by its lower-case name."""
    return {name.lower(): row for row, names in table.items() for name in names.split()}


PACKAGED_HARMLESS: Mapping[str, str] = _by_name(_HARMLESS)
PACKAGED_OPEN: Mapping[str, str] = _by_name(_OPEN)
PACKAGED_SPELLINGS: Mapping[str, str] = {
    name.lower(): name
    for table in (_HARMLESS, _OPEN)
    for names in table.values()
    for name in names.split()
}
